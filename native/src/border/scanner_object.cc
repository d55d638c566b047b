#include "border/scanner_object.h"

#include <algorithm>

#include "border/arguments.h"
#include "border/brief.h"
#include "border/database_object.h"
#include "border/environment.h"
#include "border/exports.h"
#include "border/output_buffer.h"

namespace sluice {
namespace {
/// Octets of a zone. An output that one large message has grown beyond is not kept for the next.
constexpr std::size_t modest = 262'144;
}  // namespace

Napi::Function ScannerObject::define(Napi::Env env) {
  return DefineClass(env, "Scanner",
                     {InstanceMethod<&ScannerObject::write>("write"), InstanceMethod<&ScannerObject::end>("end"),
                      InstanceMethod<&ScannerObject::end_in_brief>("endInBrief"),
                      InstanceMethod<&ScannerObject::abandon>("abandon")});
}

ScannerObject::ScannerObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ScannerObject>(info), scratch_(Environment::of(info.Env()).scratch) {
  std::shared_ptr<const PatternDatabase> patterns;
  if (!info[0].IsUndefined()) patterns = DatabaseObject::argument(info[0]);
  const Limits limits = limits_argument(info[1]);
  zones_ = make_zone_streams(std::move(patterns), limits, scratch_.get());
  if (!zones_) throw Napi::Error::New(info.Env(), "there is no memory for the working space of these patterns");
  scanner_ = make_mime_scanner(*zones_, limits);
}

void ScannerObject::write(const Napi::CallbackInfo& info) {
  const std::string_view piece = octets_argument(info.Env(), info[0]);
  try {
    scanner_->write(piece);
  } catch (...) {
    scanner_->abandon();
    throw;
  }
}

Napi::Value ScannerObject::end(const Napi::CallbackInfo& info) {
  try {
    scanner_->end(output_);
    const Napi::Value buffer = output_buffer(info.Env(), output_);
    keep_modest();
    return buffer;
  } catch (...) {
    scanner_->abandon();
    throw;
  }
}

void ScannerObject::end_in_brief(const Napi::CallbackInfo& info) {
  const Brief brief = brief_argument(info.Env(), info[0]);
  try {
    scanner_->end(output_);
    write_brief(output_, brief);
    keep_modest();
  } catch (...) {
    scanner_->abandon();
    throw;
  }
}

void ScannerObject::keep_modest() {
  const auto is_large = [](const std::string& zone) { return zone.capacity() > modest; };
  if (std::ranges::any_of(output_.zones, is_large)) output_ = {};
}

void ScannerObject::abandon(const Napi::CallbackInfo&) { scanner_->abandon(); }

void export_scanner(Napi::Env env, Napi::Object exports) { exports.Set("Scanner", ScannerObject::define(env)); }

}  // namespace sluice
