// The class Scanner in JavaScript: one message at a time through the core.
//
// Promises: a message that ended in an exception is forgotten, and the next may begin; the patterns it was made with stay
// until it is gone.
#pragma once
#include <napi.h>

#include <memory>

#include "matching/zone_streams.h"
#include "mime/mime_scanner.h"

namespace sluice {

class ScannerObject : public Napi::ObjectWrap<ScannerObject> {
 public:
  static Napi::Function define(Napi::Env env);

  /// (patterns?: PatternDatabase, limits?: ScanLimits)
  explicit ScannerObject(const Napi::CallbackInfo& info);

 private:
  void write(const Napi::CallbackInfo& info);
  Napi::Value end(const Napi::CallbackInfo& info);
  void end_in_brief(const Napi::CallbackInfo& info);
  void abandon(const Napi::CallbackInfo& info);
  void keep_modest();

  // In the order of their lives: the last uses the ones before.
  std::shared_ptr<ScratchSpace> scratch_;
  std::unique_ptr<ZoneStreams> zones_;
  std::unique_ptr<MimeScanner> scanner_;
  /// Used again for each message.
  Output output_;
};

}  // namespace sluice
