#include "decoding/base64_bulk.h"

#include <immintrin.h>

#include <bit>

namespace sluice::base64 {

namespace {

/// A sextet at each of the four places of a group, or a number with `bad` in it.
constexpr std::uint32_t bad = 0x8000'0000;

struct Places {
  std::array<std::uint32_t, 256> first, second, third, fourth;
};

constexpr Places places = [] {
  Places tables{};
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t value = values[i];
    const bool none = value >= blank;
    tables.first[i] = none ? bad : value << 18;
    tables.second[i] = none ? bad : value << 12;
    tables.third[i] = none ? bad : value << 6;
    tables.fourth[i] = none ? bad : value;
  }
  return tables;
}();

inline std::size_t blanks(const char* in, std::size_t at, std::size_t size) {
  while (at < size && values[static_cast<unsigned char>(in[at])] == blank) ++at;
  return at;
}

inline std::size_t line_end(const char* in, std::size_t at, std::size_t size) {
  if (in[at] == '\r' && at + 1 < size && in[at + 1] == '\n') return at + 2;
  return in[at] == '\n' ? at + 1 : at;
}

/// What a character adds to become its sextet, and whether it is in the alphabet, follow from its two halves of four bits. The
/// upper half names a class of rows, the lower says of which classes it is no member; rows without letters are one class.
struct Halves {
  std::array<std::int8_t, 16> upper_class, lower_excluded, shift;
};

constexpr std::uint8_t row_classes[16] = {16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16};

constexpr Halves halves = [] {
  Halves tables{};
  for (std::size_t upper = 0; upper < 16; ++upper) {
    tables.upper_class[upper] = static_cast<std::int8_t>(row_classes[upper]);
    for (std::size_t lower = 0; lower < 16; ++lower) {
      const std::uint8_t value = values[upper << 4 | lower];
      if (value >= blank) tables.lower_excluded[lower] |= static_cast<std::int8_t>(row_classes[upper]);
    }
  }
  // By upper half; `/` shares its row with `+` and uses the one below, which is free.
  tables.shift[1] = 63 - '/';
  tables.shift[2] = 62 - '+';
  tables.shift[3] = 52 - '0';
  tables.shift[4] = tables.shift[5] = 0 - 'A';
  tables.shift[6] = tables.shift[7] = 26 - 'a';
  return tables;
}();

// Both rows of a class have the same members, or the classes above would not do.
static_assert([] {
  for (std::size_t lower = 0; lower < 16; ++lower)
    if ((values[0x40 | lower] < blank) != (values[0x60 | lower] < blank) ||
        (values[0x50 | lower] < blank) != (values[0x70 | lower] < blank))
      return false;
  return true;
}());

__attribute__((target("avx2"))) inline __m256i both_lanes(const std::array<std::int8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

/// Decodes 32 characters to 24 octets (and writes 32); gives how many of them, at the beginning, are in the alphabet.
__attribute__((target("avx2"))) inline std::size_t decode_block(const char* in, char* out) {
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(text, 4), nibble);
  const __m256i lower = _mm256_and_si256(text, nibble);
  const __m256i member = _mm256_and_si256(_mm256_shuffle_epi8(both_lanes(halves.upper_class), upper),
                                          _mm256_shuffle_epi8(both_lanes(halves.lower_excluded), lower));
  const __m256i slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
  const __m256i shift = _mm256_shuffle_epi8(both_lanes(halves.shift), _mm256_add_epi8(upper, slash));
  const __m256i sextets = _mm256_add_epi8(text, shift);
  // Four sextets to three octets: two of twelve bits, then one of 24, then the order of octets and no gaps.
  const __m256i twelve = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x0140'0140));
  const __m256i all = _mm256_madd_epi16(twelve, _mm256_set1_epi32(0x0001'1000));
  const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                         2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i packed =
      _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(all, order), _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), packed);
  const auto good = static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(member, _mm256_setzero_si256())));
  return static_cast<std::size_t>(std::countr_one(good));
}

}  // namespace

Progress bulk_scalar(const char* in, std::size_t size, char* out, std::size_t room) {
  std::size_t at = 0;
  std::size_t written = 0;
  for (;;) {
    while (size - at >= 4 && written + 3 <= room) {
      const std::uint32_t group = places.first[static_cast<unsigned char>(in[at])] |
                                  places.second[static_cast<unsigned char>(in[at + 1])] |
                                  places.third[static_cast<unsigned char>(in[at + 2])] |
                                  places.fourth[static_cast<unsigned char>(in[at + 3])];
      if ((group & bad) != 0) break;
      out[written] = static_cast<char>(group >> 16);
      out[written + 1] = static_cast<char>(group >> 8);
      out[written + 2] = static_cast<char>(group);
      at += 4;
      written += 3;
    }
    const std::size_t next = blanks(in, at, size);
    if (next == at) return {at, written};
    at = next;
  }
}

__attribute__((target("avx2"))) Progress bulk_avx2(const char* in, std::size_t size, char* out, std::size_t room) {
  std::size_t at = 0;
  std::size_t written = 0;
  for (;;) {
    while (size - at >= 32 && written + 24 <= room) {
      const std::size_t characters = decode_block(in + at, out + written);
      const std::size_t groups = characters / 4;
      at += groups * 4;
      written += groups * 3;
      if (characters == 32) continue;
      // The end of a line, mostly behind 76 characters; a group that is broken is for others.
      if (characters % 4 != 0) return {at, written};
      const std::size_t next = line_end(in, at, size);
      if (next == at) break;
      at = next;
    }
    const bool last = size - at < 64 || room - written < 48;
    const Progress rest = bulk_scalar(in + at, last ? size - at : 32, out + written, room - written);
    at += rest.read;
    written += rest.written;
    if (last || rest.read == 0) return {at, written};
  }
}

Bulk choose_bulk() { return __builtin_cpu_supports("avx2") ? bulk_avx2 : bulk_scalar; }

}  // namespace sluice::base64
