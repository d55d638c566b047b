#include "border/arguments.h"

#include <cmath>

namespace sluice {
namespace {

// Tables are indexed with 32 bits and every limit is a bound of memory: more than this is no bound.
constexpr std::uint32_t largest_limit = 1U << 28;
// Parts inside parts each cost a frame of the MIME walk.
constexpr std::uint32_t largest_depth = 1'000;

struct NamedLimit {
  const char* name;
  std::uint32_t Limits::* limit;
  std::uint32_t most;
};
constexpr NamedLimit named_limits[] = {
    {"depth", &Limits::depth, largest_depth},   {"parts", &Limits::parts, largest_limit},
    {"fields", &Limits::fields, largest_limit}, {"header", &Limits::header, largest_limit},
    {"links", &Limits::links, largest_limit},   {"link", &Limits::link, largest_limit},
    {"kept", &Limits::kept, largest_limit},     {"matches", &Limits::matches, largest_limit},
};

}  // namespace

std::string_view octets_argument(napi_env env, napi_value value) {
  napi_typedarray_type type{};
  std::size_t length = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, &buffer, nullptr) != napi_ok ||
      type != napi_uint8_array)
    throw Napi::TypeError::New(env, "octets are given as a Uint8Array");
  bool owned = false;
  if (napi_is_arraybuffer(env, buffer, &owned) != napi_ok || !owned)
    throw Napi::TypeError::New(env, "octets in shared memory may change while they are read");
  return {static_cast<const char*>(data), data == nullptr ? 0 : length};
}

std::string string_argument(const Napi::Value& value, const char* what) {
  if (!value.IsString()) throw Napi::TypeError::New(value.Env(), std::string(what) + " is a string");
  return value.As<Napi::String>().Utf8Value();
}

std::uint32_t integer_argument(const Napi::Value& value, const char* what, std::uint32_t least, std::uint32_t most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  // NaN fails both comparisons.
  if (!(number >= least && number <= most) || std::trunc(number) != number)
    throw Napi::RangeError::New(value.Env(), std::string(what) + " is an integer from " + std::to_string(least) +
                                                 " to " + std::to_string(most));
  return static_cast<std::uint32_t>(number);
}

Limits limits_argument(const Napi::Value& value) {
  Limits limits;
  if (value.IsUndefined()) return limits;
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "limits are an object");
  const Napi::Object object = value.As<Napi::Object>();
  for (const NamedLimit& named : named_limits) {
    const Napi::Value given = object.Get(named.name);
    if (!given.IsUndefined()) limits.*named.limit = integer_argument(given, named.name, 0, named.most);
  }
  return limits;
}

}  // namespace sluice
