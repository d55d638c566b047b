#include "decoding/search.h"

#include <immintrin.h>

#include <bit>
#include <cstdint>
#include <cstring>

namespace sluice {

std::size_t copy_until_scalar(const char* in, std::size_t size, char* out) {
  std::size_t at = 0;
  while (at < size && in[at] != '=' && in[at] != '\n') {
    out[at] = in[at];
    ++at;
  }
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

std::size_t find_line_with_scalar(char first, const char* in, std::size_t size) {
  for (std::size_t at = 0; at < size;) {
    const void* const found = std::memchr(in + at, '\n', size - at);
    if (found == nullptr) return size;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - in) + 1;
    if (at < size && in[at] == first) return at;
  }
  return size;
}

namespace {

__attribute__((target("avx2"))) std::size_t find_line_with_avx2(char first, const char* in, std::size_t size) {
  const __m256i newline = _mm256_set1_epi8('\n');
  const __m256i wanted = _mm256_set1_epi8(first);
  std::size_t at = 0;
  for (; at + 32 < size; at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at));
    const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at + 1));
    const __m256i found = _mm256_and_si256(_mm256_cmpeq_epi8(block, newline), _mm256_cmpeq_epi8(next, wanted));
    const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask)) + 1;
  }
  return at + find_line_with_scalar(first, in + at, size - at);
}

__attribute__((target("avx2"))) std::size_t copy_until_avx2(const char* in, std::size_t size, char* out) {
  const __m256i equals = _mm256_set1_epi8('=');
  const __m256i newline = _mm256_set1_epi8('\n');
  std::size_t at = 0;
  for (; at + 32 <= size; at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), block);
    const __m256i found = _mm256_or_si256(_mm256_cmpeq_epi8(block, equals), _mm256_cmpeq_epi8(block, newline));
    const auto mask = static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
  return at + copy_until_scalar(in + at, size - at, out + at);
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

CopyUntil choose_copy_until() { return __builtin_cpu_supports("avx2") ? copy_until_avx2 : copy_until_scalar; }

std::size_t ascii_prefix(const char* in, std::size_t size) {
  return __builtin_cpu_supports("avx2") ? ascii_prefix_avx2(in, size) : ascii_prefix_scalar(in, size);
}

std::size_t find_line_with(char first, const char* in, std::size_t size) {
  return __builtin_cpu_supports("avx2") ? find_line_with_avx2(first, in, size) : find_line_with_scalar(first, in, size);
}

}  // namespace sluice
