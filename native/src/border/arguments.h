// Arguments from JavaScript, checked once: what passes here is what the core may rely on.
//
// Promises: anything else throws a TypeError or RangeError that says what was wanted; octets are never shared memory,
// which another thread could change between two looks at them.
#pragma once
#include <napi.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "output.h"

namespace sluice {

/// The octets of a Uint8Array (a Buffer is one). Valid until the call returns.
std::string_view octets_argument(napi_env env, napi_value value);

std::string string_argument(const Napi::Value& value, const char* what);

/// An integer from `least` to `most`.
std::uint32_t integer_argument(const Napi::Value& value, const char* what, std::uint32_t least, std::uint32_t most);

/// ScanLimits of src/scanner/scanner.ts; undefined is the defaults, as is each that is absent.
Limits limits_argument(const Napi::Value& value);

}  // namespace sluice
