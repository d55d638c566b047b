#include "decoding/charset_tables.h"

#include <unicode/ucnv.h>

#include <map>
#include <memory>
#include <string_view>

namespace sluice {

namespace {

struct Close {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, Close>;

/// nullptr when ICU lacks its data: everything is U+FFFD then.
Converter open_converter(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &error));
  return U_SUCCESS(error) ? std::move(converter) : nullptr;
}

/// U+FFFD unless the octets are exactly one character.
char32_t character_of(UConverter* converter, std::string_view octets) {
  UErrorCode error = U_ZERO_ERROR;
  const char* at = octets.data();
  const char* end = at + octets.size();
  ucnv_resetToUnicode(converter);
  const UChar32 character = ucnv_getNextUChar(converter, &at, end, &error);
  return U_SUCCESS(error) && at == end && character >= 0 ? static_cast<char32_t>(character) : 0xfffd;
}

struct Tables {
  std::map<const Charset*, UpperHalf> single;
};

/// Of this thread.
Tables& tables() {
  thread_local Tables owned;
  return owned;
}

UpperHalf make_single_byte_table(const Charset& charset) {
  UpperHalf table;
  table.fill(0xfffd);
  if (const Converter converter = open_converter(charset.converter)) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      const char octet = static_cast<char>(0x80 + i);
      table[i] = static_cast<char16_t>(character_of(converter.get(), {&octet, 1}));
    }
  }
  for (const CharsetException& exception : charset.exceptions) table[exception.octet - 0x80U] = exception.character;
  return table;
}

}  // namespace

const UpperHalf& single_byte_table(const Charset& charset) {
  auto& single = tables().single;
  const auto found = single.find(&charset);
  if (found != single.end()) return found->second;
  return single.emplace(&charset, make_single_byte_table(charset)).first->second;
}

}  // namespace sluice
