// On which CPUs the calling thread may run.
#include <cstdint>
#include <span>
#include <vector>

#include "border/arguments.h"
#include "border/exports.h"
#include "host/affinity.h"
#include "layout.h"

namespace sluice {
namespace {

constexpr std::uint32_t largest_cpu = 8'191;

Napi::Value allowed(const Napi::CallbackInfo& info) {
  const std::vector<std::uint32_t> cpus = allowed_cpus();
  Napi::Array array = Napi::Array::New(info.Env(), cpus.size());
  for (std::size_t index = 0; index < cpus.size(); index++) array.Set(static_cast<std::uint32_t>(index), cpus[index]);
  return array;
}

// The number of the error, or 0.
Napi::Value pin(const Napi::CallbackInfo& info) {
  if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "CPUs are given as an array");
  const Napi::Array array = info[0].As<Napi::Array>();
  std::vector<std::uint32_t> cpus;
  for (std::uint32_t index = 0; index < array.Length() && index <= largest_cpu; index++)
    cpus.push_back(integer_argument(array.Get(index), "a CPU", 0, largest_cpu));
  return Napi::Number::New(info.Env(), pin_to(cpus));
}

Napi::Value current(const Napi::CallbackInfo& info) {
  const std::uint32_t cpu = current_cpu();
  return cpu == none ? info.Env().Undefined() : Napi::Number::New(info.Env(), cpu);
}

}  // namespace

void export_affinity(Napi::Env env, Napi::Object exports) {
  exports.Set("allowedCpus", Napi::Function::New<allowed>(env, "allowedCpus"));
  exports.Set("pinTo", Napi::Function::New<pin>(env, "pinTo"));
  exports.Set("currentCpu", Napi::Function::New<current>(env, "currentCpu"));
}

}  // namespace sluice
