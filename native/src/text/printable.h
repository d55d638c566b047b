// Runs of printable ASCII, which most text is made of: found and copied in one go.
//
// Promises: never reads behind the input, nor writes behind what the output has room for; the same with and without AVX2.
#pragma once
#include <cstddef>

namespace sluice::text {

/// Copies octets that are printable ASCII, or a single space behind such, up to the first other octet, and gives how many.
/// `out` has room for `size`; what stands there behind those that count is undefined.
using CopyPrintable = std::size_t (*)(const char* in, std::size_t size, char* out);
CopyPrintable choose_copy_printable();

/// The same without AVX2.
std::size_t copy_printable_sse2(const char* in, std::size_t size, char* out);

}  // namespace sluice::text
