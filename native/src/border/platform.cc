// The pattern library and the processor. Asked before anything else of the library is called: where it cannot run, the
// TypeScript scanner does.
#include "matching/platform.h"

#include "border/exports.h"

namespace sluice {
namespace {

Napi::Value is_supported(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), is_supported_platform());
}

Napi::Value describe(const Napi::CallbackInfo& info) {
  const Platform platform = this_platform();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("library", platform.library);
  object.Set("features", Napi::Number::New(info.Env(), static_cast<double>(platform.features)));
  object.Set("tune", platform.tune);
  return object;
}

}  // namespace

void export_platform(Napi::Env env, Napi::Object exports) {
  exports.Set("isSupportedPlatform", Napi::Function::New<is_supported>(env, "isSupportedPlatform"));
  exports.Set("platform", Napi::Function::New<describe>(env, "platform"));
}

}  // namespace sluice
