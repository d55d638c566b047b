#include "matching/words.h"

#include <emmintrin.h>
#include <unicode/uchar.h>

#include <bit>

#include "matching/utf8.h"

namespace sluice {
namespace {

constexpr bool separates(char octet) { return octet == ' ' || octet == '\n'; }

/// A bit for each of 16 octets that belongs to a word.
std::uint32_t word_bits(const char* octets) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
  const __m128i separators = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(' ')),
                                          _mm_cmpeq_epi8(block, _mm_set1_epi8('\n')));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(separators)) ^ 0xffffU;
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
  std::uint32_t inside = inside_ ? 1 : 0;
  std::uint32_t count = 0;
  std::size_t at = 0;
  for (; at + 16 <= piece.size(); at += 16) {
    const std::uint32_t bits = word_bits(piece.data() + at);
    count += static_cast<std::uint32_t>(std::popcount(bits & ~(bits << 1U | inside)));
    inside = bits >> 15U;
  }
  for (; at < piece.size(); ++at) {
    const std::uint32_t bit = separates(piece[at]) ? 0 : 1;
    count += bit & ~inside;
    inside = bit;
  }
  count_ += count;
  inside_ = inside != 0;
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
