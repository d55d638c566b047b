#include "decoding/charset_tables.h"

#include <unicode/ucnv.h>

#include <map>
#include <memory>
#include <string_view>

#include "decoding/charset_exceptions.h"

namespace sluice {

namespace {

struct Close {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, Close>;

/// nullptr when ICU lacks its data: everything above ASCII is U+FFFD then.
Converter open_converter(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &error));
  return U_SUCCESS(error) ? std::move(converter) : nullptr;
}

template <typename... Octet>
std::array<char, sizeof...(Octet)> sequence(Octet... octets) {
  return {static_cast<char>(octets)...};
}

/// No character unless the octets are exactly one.
template <std::size_t size>
char32_t character_of(const Converter& converter, const std::array<char, size>& octets) {
  UErrorCode error = U_ZERO_ERROR;
  const char* at = octets.data();
  const char* end = at + size;
  ucnv_resetToUnicode(converter.get());
  const UChar32 character = ucnv_getNextUChar(converter.get(), &at, end, &error);
  return U_SUCCESS(error) && at == end && character >= 0 ? static_cast<char32_t>(character) : no_character;
}

constexpr bool is_private(char32_t character) { return character >= 0xe000 && character <= 0xf8ff; }

/// Big5 and euc-kr of the standard have no characters for private use, the converters do.
constexpr bool has_private(Family family) {
  return family != Family::Big5 && family != Family::EucKr && family != Family::Iso2022Kr;
}

UpperHalf make_single_byte_table(const Charset& charset) {
  UpperHalf table;
  table.fill(no_character);
  if (charset.family == Family::UserDefined)
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<char16_t>(0xf780 + i);
  else if (const Converter converter = open_converter(charset.converter))
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = static_cast<char16_t>(character_of(converter, sequence(0x80 + i)));
  for (const CharsetException& exception : charset.exceptions) table[exception.octet - 0x80U] = exception.character;
  return table;
}

PairTable make_pair_table(const Charset& charset) {
  PairTable table;
  const Converter converter = open_converter(charset.converter);
  if (converter == nullptr) return table;
  for (unsigned lead = 0x81; lead <= 0xfe; ++lead) {
    for (unsigned trail = 0x40; trail <= 0xfe; ++trail) {
      const char32_t character = character_of(converter, sequence(lead, trail));
      if (has_private(charset.family) || !is_private(character)) table.set(lead, trail, character);
    }
  }
  for (const PairException& exception : pair_exceptions(charset.family))
    table.set(exception.octets >> 8U, exception.octets & 0xffU, exception.character);
  // Half-width katakana of euc-jp, and what is two characters in Unicode, are for the decoders.
  if (charset.family == Family::EucJp || charset.family == Family::Iso2022Jp)
    for (unsigned trail = 0x40; trail <= 0xfe; ++trail) table.set(0x8e, trail, no_character);
  if (charset.family == Family::Big5)
    for (const unsigned octets : {0x8862U, 0x8864U, 0x88a3U, 0x88a5U}) table.set(octets >> 8U, octets & 0xffU, no_character);
  return table;
}

PairTable make_jis0212_table(const Charset& charset) {
  PairTable table;
  const Converter converter = open_converter(charset.converter);
  if (converter == nullptr) return table;
  for (unsigned lead = 0xa1; lead <= 0xfe; ++lead)
    for (unsigned trail = 0xa1; trail <= 0xfe; ++trail)
      table.set(lead, trail, character_of(converter, sequence(0x8f, lead, trail)));
  // Roman numerals and U+3231, which IBM had here and the standard only has in JIS X 0208.
  for (unsigned trail = 0xa1; trail <= 0xb7; ++trail)
    if (trail != 0xb5 && trail != 0xb6) table.set(0xf3, trail, no_character);
  return table;
}

QuadTable make_quad_table(const Charset& charset) {
  QuadTable table(basic_quads, static_cast<char16_t>(no_character));
  const Converter converter = open_converter(charset.converter);
  if (converter == nullptr) return table;
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<char16_t>(character_of(
        converter, sequence(0x81 + i / 12'600, 0x30 + i / 1'260 % 10, 0x81 + i / 10 % 126, 0x30 + i % 10)));
  return table;
}

/// What this thread has made so far, by name: of the charset, or of the converter, which several charsets have in common.
template <typename Table>
using Made = std::map<std::string_view, Table>;
struct Tables {
  Made<UpperHalf> single;
  Made<PairTable> pairs;
  Made<PairTable> jis0212;
  Made<QuadTable> quads;
};

Tables& tables() {
  thread_local Tables owned;
  return owned;
}

template <typename Table>
const Table& find_or_make(Made<Table>& made, std::string_view name, const Charset& charset, Table (*make)(const Charset&)) {
  const auto found = made.find(name);
  return found != made.end() ? found->second : made.emplace(name, make(charset)).first->second;
}

}  // namespace

const UpperHalf& single_byte_table(const Charset& charset) {
  return find_or_make(tables().single, charset.name, charset, make_single_byte_table);
}

const PairTable& pair_table(const Charset& charset) {
  return find_or_make(tables().pairs, charset.converter, charset, make_pair_table);
}

const PairTable& jis0212_table(const Charset& charset) {
  return find_or_make(tables().jis0212, charset.converter, charset, make_jis0212_table);
}

const QuadTable& quad_table(const Charset& charset) {
  return find_or_make(tables().quads, charset.converter, charset, make_quad_table);
}

}  // namespace sluice
