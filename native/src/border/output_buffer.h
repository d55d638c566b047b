// The tables of a scan on their way to JavaScript: one ArrayBuffer for all of them, of which src/scanner/native.ts makes
// the typed arrays.
//
// One allocation instead of eight: making a view costs V8 less than making a buffer, and the memory belongs to V8, so that
// nothing needs to be freed by us when a worker ends.
#pragma once
#include <napi.h>

#include "output.h"

namespace sluice {

/// How many words precede the tables: size of the message (two words, low first), then the lengths of parts, fields, texts,
/// links, flags and matches in words, and of strings and text in octets. Tables follow in that order.
inline constexpr std::uint32_t output_head = 10;

Napi::ArrayBuffer output_buffer(Napi::Env env, const Output& output);

}  // namespace sluice
