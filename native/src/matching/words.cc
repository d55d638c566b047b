#include "matching/words.h"

#include <immintrin.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "matching/utf8.h"

namespace sluice {
namespace {

constexpr bool separates(char octet) { return octet == ' ' || octet == '\n'; }

/// 0xff for each octet that separates.
__m128i separators(const char* octets) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
  return _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\n')));
}

/// Words that begin in `blocks` blocks behind the first octet, which belongs to what was counted before. No more blocks than
/// a counter of one octet can count: 255.
std::uint32_t count_starts(const char* octets, std::size_t blocks) {
  __m128i counts = _mm_setzero_si128();
  for (std::size_t block = 0; block < blocks; ++block, octets += sizeof(__m128i)) {
    const __m128i starts = _mm_andnot_si128(separators(octets + 1), separators(octets));
    counts = _mm_sub_epi8(counts, starts);
  }
  const __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4));
}

/// The same for blocks of 32 octets.
__attribute__((target("avx2"))) __m256i separators_avx2(const char* octets) {
  const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(octets));
  return _mm256_or_si256(_mm256_cmpeq_epi8(block, _mm256_set1_epi8(' ')), _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\n')));
}

__attribute__((target("avx2"))) std::uint32_t count_starts_avx2(const char* octets, std::size_t blocks) {
  __m256i counts = _mm256_setzero_si256();
  for (std::size_t block = 0; block < blocks; ++block, octets += sizeof(__m256i)) {
    const __m256i starts = _mm256_andnot_si256(separators_avx2(octets + 1), separators_avx2(octets));
    counts = _mm256_sub_epi8(counts, starts);
  }
  const __m256i sums = _mm256_sad_epu8(counts, _mm256_setzero_si256());
  return static_cast<std::uint32_t>(_mm256_extract_epi64(sums, 0) + _mm256_extract_epi64(sums, 1) +
                                    _mm256_extract_epi64(sums, 2) + _mm256_extract_epi64(sums, 3));
}

struct Counter {
  std::uint32_t (*count)(const char* octets, std::size_t blocks);
  std::size_t width;
};

Counter counter() {
  if (__builtin_cpu_supports("avx2")) return {count_starts_avx2, sizeof(__m256i)};
  return {count_starts, sizeof(__m128i)};
}

constexpr std::uint32_t word_categories = U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK;

bool is_word_point(std::uint32_t point) {
  if (point < 0x80) {
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') || point == '_' ||
           (point >= 'a' && point <= 'z');
  }
  return (U_GET_GC_MASK(static_cast<UChar32>(point)) & word_categories) != 0;
}

/// `text` is one lead octet and as many others as it asks for.
WordSide side_of(std::string_view text) {
  const std::uint32_t point = utf8_point(text);
  return point != no_point && is_word_point(point) ? WordSide::Yes : WordSide::No;
}

}  // namespace

void WordCounter::add(std::string_view piece) {
  if (piece.empty()) return;
  count_ += !inside_ && !separates(piece[0]) ? 1 : 0;
  std::size_t at = 0;
  const auto [count, width] = counter();
  while (piece.size() - at > width) {
    const std::size_t blocks = std::min<std::size_t>((piece.size() - at - 1) / width, 255);
    count_ += count(piece.data() + at, blocks);
    at += blocks * width;
  }
  for (++at; at < piece.size(); ++at) count_ += separates(piece[at - 1]) && !separates(piece[at]) ? 1 : 0;
  inside_ = !separates(piece.back());
}

WordSide word_ends(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    const std::string_view last = text.substr(text.size() - length);
    if (utf8_continues(last[0])) continue;
    return utf8_length(last[0]) == length ? side_of(last) : WordSide::No;
  }
  return WordSide::No;
}

WordSide word_begins(std::string_view text) {
  if (text.empty()) return WordSide::Unknown;
  const std::size_t length = utf8_length(text[0]);
  if (length == 0) return WordSide::No;
  if (length <= text.size()) return side_of(text.substr(0, length));
  for (const char octet : text.substr(1)) {
    if (!utf8_continues(octet)) return WordSide::No;
  }
  return WordSide::Unknown;
}

}  // namespace sluice
