#include "text/printable.h"

#include <immintrin.h>

#include <cstdint>

#include "text/ascii.h"

namespace sluice::text {

namespace {

/// Which of some octets end a run. `after_space`: whether a space stands before the first of them.
constexpr std::uint32_t stops(std::uint32_t strange, std::uint32_t spaces, bool after_space) {
  return strange | (spaces & (spaces << 1 | (after_space ? 1U : 0U)));
}

constexpr std::size_t first_of(std::uint32_t mask) { return static_cast<std::size_t>(__builtin_ctz(mask)); }

std::size_t copy_printable_scalar(const char* in, std::size_t size, char* out) {
  bool space = false;
  std::size_t at = 0;
  for (; at < size; at++) {
    const bool is_blank = in[at] == ' ';
    if ((is_blank && space) || octet(in[at]) < 0x20 || octet(in[at]) > 0x7e) break;
    out[at] = in[at];
    space = is_blank;
  }
  return at;
}

/// Copies 16 octets.
std::uint32_t copy_16(const char* in, char* out, bool after_space) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), octets);
  const __m128i space = _mm_set1_epi8(0x20);
  // Octets above 127 are negative, and thereby below the space too.
  const __m128i strange = _mm_or_si128(_mm_cmplt_epi8(octets, space), _mm_cmpeq_epi8(octets, _mm_set1_epi8(0x7f)));
  return stops(static_cast<std::uint32_t>(_mm_movemask_epi8(strange)),
               static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(octets, space))), after_space) & 0xffff;
}

/// Copies 32 octets.
__attribute__((target("avx2"))) std::uint32_t copy_32(const char* in, char* out, bool after_space) {
  const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), octets);
  const __m256i space = _mm256_set1_epi8(0x20);
  const __m256i strange = _mm256_or_si256(_mm256_cmpgt_epi8(space, octets), _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(0x7f)));
  return stops(static_cast<std::uint32_t>(_mm256_movemask_epi8(strange)),
               static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, space))), after_space);
}

// What is left over is less than a block: the last block is read again from its end, since nothing in it ended the run so far.

__attribute__((target("avx2"))) std::size_t copy_printable_avx2(const char* in, std::size_t size, char* out) {
  constexpr std::size_t width = 32;
  if (size < width) return copy_printable_sse2(in, size, out);
  std::uint32_t stop = copy_32(in, out, false);
  if (stop != 0) return first_of(stop);
  std::size_t at = width;
  for (; at + width <= size; at += width) {
    stop = copy_32(in + at, out + at, in[at - 1] == ' ');
    if (stop != 0) return at + first_of(stop);
  }
  if (at == size) return size;
  at = size - width;
  stop = copy_32(in + at, out + at, in[at - 1] == ' ');
  return stop == 0 ? size : at + first_of(stop);
}

}  // namespace

std::size_t copy_printable_sse2(const char* in, std::size_t size, char* out) {
  constexpr std::size_t width = 16;
  if (size < width) return copy_printable_scalar(in, size, out);
  std::uint32_t stop = copy_16(in, out, false);
  if (stop != 0) return first_of(stop);
  std::size_t at = width;
  for (; at + width <= size; at += width) {
    stop = copy_16(in + at, out + at, in[at - 1] == ' ');
    if (stop != 0) return at + first_of(stop);
  }
  if (at == size) return size;
  at = size - width;
  stop = copy_16(in + at, out + at, in[at - 1] == ' ');
  return stop == 0 ? size : at + first_of(stop);
}

CopyPrintable choose_copy_printable() {
  return __builtin_cpu_supports("avx2") ? copy_printable_avx2 : copy_printable_sse2;
}

}  // namespace sluice::text
