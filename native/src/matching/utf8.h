// UTF-8 as RFC 3629 has it: one character at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Octets of the character that begins with `lead`; 0: none does.
constexpr std::size_t utf8_length(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  if (octet < 0x80) return 1;
  if (octet < 0xc2) return 0;
  if (octet < 0xe0) return 2;
  if (octet < 0xf0) return 3;
  return octet < 0xf5 ? 4 : 0;
}

constexpr bool utf8_continues(char octet) { return (static_cast<unsigned char>(octet) & 0xc0U) == 0x80U; }

/// What is no code point.
inline constexpr std::uint32_t no_point = 0xffff'ffff;

/// The code point that `text` is, as long as its first octet asks for. No surrogates, nothing in more octets than needed.
constexpr std::uint32_t utf8_point(std::string_view text) {
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text[0]);
  std::uint32_t point = text.size() == 1 ? lead : lead & (0x7fU >> text.size());
  for (const char octet : text.substr(1)) {
    if (!utf8_continues(octet)) return no_point;
    point = point << 6U | (static_cast<unsigned char>(octet) & 0x3fU);
  }
  const bool valid = point >= least[text.size()] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return valid ? point : no_point;
}

inline void utf8_append(std::string& text, std::uint32_t point) {
  const auto add = [&](std::uint32_t octet) { text.push_back(static_cast<char>(static_cast<unsigned char>(octet))); };
  if (point < 0x80) {
    add(point);
    return;
  }
  constexpr std::uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
  const unsigned others = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  add(leads[others] | point >> (6U * others));
  for (unsigned left = others; left > 0; --left) add(0x80U | (point >> (6U * (left - 1)) & 0x3fU));
}

}  // namespace sluice
