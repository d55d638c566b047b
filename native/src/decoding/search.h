// Searches that the decoders share: with AVX2 where the processor has it.
//
// Promises: never read behind the input; give `size` when nothing is found.
#pragma once
#include <cstddef>

namespace sluice {

/// Copies to `out`, which has room for `size`, up to the first `=` or LF; gives how many octets.
using CopyUntil = std::size_t (*)(const char* in, std::size_t size, char* out);
CopyUntil choose_copy_until();

/// How many octets at the beginning are below 128.
std::size_t ascii_prefix(const char* in, std::size_t size);

/// Where the first line begins that has `first` as its first octet; `size` when there is none.
/// What stands at the beginning of `in` is the middle of a line.
std::size_t find_line_with(char first, const char* in, std::size_t size);

/// The same without AVX2.
std::size_t find_line_with_scalar(char first, const char* in, std::size_t size);
std::size_t copy_until_scalar(const char* in, std::size_t size, char* out);
std::size_t ascii_prefix_scalar(const char* in, std::size_t size);

}  // namespace sluice
