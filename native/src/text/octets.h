// Runs of octets: where they end.
#pragma once
#include <cstddef>
#include <cstring>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sluice::text {

inline std::string_view between(const char* at, const char* end) { return {at, static_cast<std::size_t>(end - at)}; }

/// The first `c`, or the end.
inline const char* find(const char* at, const char* end, char c) {
  const void* const found = at == end ? nullptr : std::memchr(at, c, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

/// The first `a` or `b`, or the end.
inline const char* find_either(const char* at, const char* end, char a, char b) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto hits = static_cast<unsigned>(_mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8(a)), _mm_cmpeq_epi8(octets, _mm_set1_epi8(b)))));
    if (hits != 0) return at + __builtin_ctz(hits);
  }
#endif
  while (at < end && *at != a && *at != b) at++;
  return at;
}

}  // namespace sluice::text
