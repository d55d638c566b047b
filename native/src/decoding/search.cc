#include "decoding/search.h"

#include <immintrin.h>

#include <bit>
#include <cstdint>
#include <cstring>

namespace sluice {

std::size_t find_either_scalar(const char* in, std::size_t size, char a, char b) {
  std::size_t at = 0;
  while (at < size && in[at] != a && in[at] != b) ++at;
  return at;
}

std::size_t ascii_prefix_scalar(const char* in, std::size_t size) {
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, in + at, sizeof word);
    const std::uint64_t high = word & 0x8080'8080'8080'8080U;
    if (high != 0) return at + static_cast<std::size_t>(std::countr_zero(high)) / 8;
  }
  while (at < size && static_cast<unsigned char>(in[at]) < 0x80) ++at;
  return at;
}

namespace {

__attribute__((target("avx2"))) std::size_t find_either_avx2(const char* in, std::size_t size, char a, char b) {
  const __m256i first = _mm256_set1_epi8(a);
  const __m256i second = _mm256_set1_epi8(b);
  std::size_t at = 0;
  for (; at + 32 <= size; at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at));
    const __m256i found = _mm256_or_si256(_mm256_cmpeq_epi8(block, first), _mm256_cmpeq_epi8(block, second));
    const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
  return at + find_either_scalar(in + at, size - at, a, b);
}

__attribute__((target("avx2"))) std::size_t ascii_prefix_avx2(const char* in, std::size_t size) {
  std::size_t at = 0;
  for (; at + 32 <= size; at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at));
    const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(block));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
  return at + ascii_prefix_scalar(in + at, size - at);
}

}  // namespace

std::size_t find_either(const char* in, std::size_t size, char a, char b) {
  return __builtin_cpu_supports("avx2") ? find_either_avx2(in, size, a, b) : find_either_scalar(in, size, a, b);
}

std::size_t ascii_prefix(const char* in, std::size_t size) {
  return __builtin_cpu_supports("avx2") ? ascii_prefix_avx2(in, size) : ascii_prefix_scalar(in, size);
}

}  // namespace sluice
