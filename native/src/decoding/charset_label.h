// The charsets that are known, and their labels.
//
// Promises: labels are those of https://encoding.spec.whatwg.org/#names-and-labels, read as it says (any case, white space around
// them), with what decodes each; further: UTF-7, and us-ascii apart from windows-1252. Where the standard gives up for fear of scripts
// (hz-gb-2312, iso-2022-kr, iso-2022-cn) mail programs do not, so neither does this; its label "replacement" is unknown.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice {

/// How octets become characters.
enum class Family : std::uint8_t {
  Undeclared,
  Utf8,
  Utf16Le,
  Utf16Be,
  Utf7,
  UserDefined,
  SingleByte,
  Big5,
  EucJp,
  EucKr,
  Gb18030,
  Iso2022Jp,
  ShiftJis,
  Hz,
  Iso2022Kr,
  Iso2022Cn,
};

/// An octet whose character the converter has otherwise.
struct CharsetException {
  std::uint8_t octet;
  char16_t character;
};

struct Charset {
  std::string_view name;
  Family family;
  /// The converter of ICU that has its characters, where it needs one.
  const char* converter;
  std::span<const CharsetException> exceptions;
  std::string_view labels;
};

/// Undeclared for an empty label; nullptr for an unknown one.
const Charset* find_charset(std::string_view label);

}  // namespace sluice
