// Searches that the decoders share: with AVX2 where the processor has it.
//
// Promises: never read behind the input; give `size` when nothing is found.
#pragma once
#include <cstddef>

namespace sluice {

/// The first place of `a` or `b`.
std::size_t find_either(const char* in, std::size_t size, char a, char b);

/// How many octets at the beginning are below 128.
std::size_t ascii_prefix(const char* in, std::size_t size);

/// The same without AVX2.
std::size_t find_either_scalar(const char* in, std::size_t size, char a, char b);
std::size_t ascii_prefix_scalar(const char* in, std::size_t size);

}  // namespace sluice
