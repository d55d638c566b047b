// The share of one thread in a loaded database: the class PatternDatabase in JavaScript, made by loadPatterns only.
//
// Promises: the database lives as long as one share or one open scanner of any thread; `release` gives the share back
// before the collector would.
#pragma once
#include <napi.h>

#include <memory>

#include "matching/pattern_database.h"

namespace sluice {

class DatabaseObject : public Napi::ObjectWrap<DatabaseObject> {
 public:
  static Napi::Function define(Napi::Env env);
  /// Throws a TypeError for anything but a database that was not released.
  static std::shared_ptr<const PatternDatabase> argument(const Napi::Value& value);

  explicit DatabaseObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value verdicts(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  const PatternDatabase& database() const;

  std::shared_ptr<const PatternDatabase> database_;
};

}  // namespace sluice
