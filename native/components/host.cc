// CPU affinity for the tests.
#include <napi.h>

#include <cstring>

#include "components/components.h"
#include "host/affinity.h"

namespace sluice {
namespace {

Napi::Value allowed(const Napi::CallbackInfo& info) {
  const std::vector<std::uint32_t> cpus = allowed_cpus();
  auto array = Napi::Uint32Array::New(info.Env(), cpus.size());
  if (!cpus.empty()) std::memcpy(array.Data(), cpus.data(), cpus.size() * sizeof(std::uint32_t));
  return array;
}

Napi::Value pin(const Napi::CallbackInfo& info) {
  const auto cpus = info[0].As<Napi::Uint32Array>();
  return Napi::Number::New(info.Env(), pin_to({cpus.Data(), cpus.ElementLength()}));
}

Napi::Value current(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), current_cpu()); }

}  // namespace

void register_host(Napi::Env env, Napi::Object exports) {
  Napi::Object host = Napi::Object::New(env);
  host.Set("allowedCpus", Napi::Function::New<allowed>(env));
  host.Set("pinTo", Napi::Function::New<pin>(env));
  host.Set("currentCpu", Napi::Function::New<current>(env));
  exports.Set("host", host);
}

}  // namespace sluice
