#include "model/characters.h"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

using enum CharacterClass;

struct Range {
  char32_t first;
  CharacterClass kind;
};

/// Each holds up to the next.
constexpr Range ranges[] = {
    {0x0000, Space},   {0x0021, Punct},   {0x0024, Word},     {0x0026, Punct},    {0x0030, Word},
    {0x003a, Punct},   {0x0041, Word},    {0x005b, Punct},    {0x0061, Word},     {0x007b, Punct},
    {0x007f, Space},   {0x00a1, Punct},   {0x00a2, Word},     {0x00a6, Punct},    {0x00aa, Word},
    {0x00ab, Punct},   {0x00ad, Nothing}, {0x00ae, Punct},    {0x00b5, Word},     {0x00b6, Punct},
    {0x00ba, Word},    {0x00bb, Punct},   {0x00c0, Word},     {0x00d7, Punct},    {0x00d8, Word},
    {0x00f7, Punct},   {0x00f8, Word},    {0x034f, Nothing},  {0x0350, Word},     {0x037e, Punct},
    {0x037f, Word},    {0x0387, Punct},   {0x0388, Word},     {0x0589, Punct},    {0x058b, Word},
    {0x05be, Punct},   {0x05bf, Word},    {0x05c0, Punct},    {0x05c1, Word},     {0x05c3, Punct},
    {0x05c4, Word},    {0x05f3, Punct},   {0x05f5, Word},     {0x060c, Punct},    {0x060e, Word},
    {0x061b, Punct},   {0x061c, Nothing}, {0x061d, Punct},    {0x0620, Word},     {0x066a, Punct},
    {0x066e, Word},    {0x06d4, Punct},   {0x06d5, Word},     {0x0964, Punct},    {0x0966, Word},
    {0x0e00, Dense},   {0x0f00, Word},    {0x1000, Dense},    {0x10a0, Word},     {0x115f, Nothing},
    {0x1161, Word},    {0x1680, Space},   {0x1681, Word},     {0x1780, Dense},    {0x17b4, Nothing},
    {0x17b6, Dense},   {0x1800, Punct},   {0x180b, Nothing},  {0x180f, Word},     {0x2000, Space},
    {0x200b, Nothing}, {0x2010, Space},   {0x202a, Nothing},  {0x202f, Space},    {0x2060, Nothing},
    {0x2070, Word},    {0x2190, Symbol},  {0x2c00, Word},     {0x2e00, Space},    {0x2e80, Dense},
    {0x3000, Space},   {0x3005, Dense},   {0x3008, Space},    {0x3021, Dense},    {0x3030, Space},
    {0x3031, Dense},   {0x303d, Space},   {0x3040, Dense},    {0x30fb, Space},    {0x30fc, Dense},
    {0x3130, Word},    {0x3164, Nothing}, {0x3165, Word},     {0x3190, Dense},    {0x4dc0, Symbol},
    {0x4e00, Dense},   {0xa4d0, Word},    {0xe000, Symbol},   {0xf900, Dense},    {0xfb00, Word},
    {0xfe00, Nothing}, {0xfe10, Space},   {0xfe20, Word},     {0xfe30, Space},    {0xfe70, Word},
    {0xfeff, Nothing}, {0xff00, Space},   {0xff66, Dense},    {0xffa0, Nothing},  {0xffa1, Word},
    {0xffe7, Symbol},  {0x10000, Word},   {0x1f000, Symbol},  {0x1f3fb, Nothing}, {0x1f400, Symbol},
    {0x20000, Dense},  {0x40000, Symbol}, {0xe0000, Nothing}, {0xe1000, Symbol},
};

CharacterClass class_of(char32_t code) {
  const auto* after =
      std::upper_bound(std::begin(ranges), std::end(ranges), code,
                       [](char32_t value, const Range& range) { return value < range.first; });
  return std::prev(after)->kind;
}

constexpr bool within(char32_t code, char32_t first, char32_t last) { return code - first <= last - first; }

/// Upper case even, lower case the number behind it.
constexpr char32_t even(char32_t code) { return code | 1; }
/// Upper case odd, lower case the number behind it.
constexpr char32_t odd(char32_t code) { return code + (code & 1); }

char32_t lower_latin(char32_t code) {
  if (within(code, 0xc0, 0xde)) return code == 0xd7 ? code : code + 0x20;
  if (within(code, 0x100, 0x137) && code != 0x130 && code != 0x131) return even(code);
  if (within(code, 0x139, 0x148)) return odd(code);
  if (within(code, 0x14a, 0x177)) return even(code);
  if (code == 0x178) return 0xff;
  if (within(code, 0x179, 0x17e)) return odd(code);
  if (code == 0x130) return 'i';
  if (code == 0x17f) return 's';
  if (within(code, 0x1cd, 0x1dc)) return odd(code);
  if (within(code, 0x1de, 0x1ef) || within(code, 0x1f8, 0x21f) || within(code, 0x222, 0x233))
    return even(code);
  return code;
}

char32_t lower_greek(char32_t code) {
  if (within(code, 0x391, 0x3ab) && code != 0x3a2) return code + 0x20;
  if (code == 0x386) return 0x3ac;
  if (within(code, 0x388, 0x38a)) return code + 0x25;
  if (code == 0x38c) return 0x3cc;
  if (within(code, 0x38e, 0x38f)) return code + 0x3f;
  if (code == 0x3c2) return 0x3c3;  // final sigma
  return code;
}

char32_t lower_cyrillic(char32_t code) {
  if (within(code, 0x410, 0x42f)) return code + 0x20;
  if (within(code, 0x400, 0x40f)) return code + 0x50;
  if (within(code, 0x460, 0x481) || within(code, 0x48a, 0x4bf) || within(code, 0x4d0, 0x52f))
    return even(code);
  if (code == 0x4c0) return 0x4cf;
  if (within(code, 0x4c1, 0x4ce)) return odd(code);
  if (within(code, 0x531, 0x556)) return code + 0x30;  // Armenian
  return code;
}

/// Letters and digits in other clothes; 0 when it is none.
char32_t plain(char32_t code) {
  if (within(code, 0xff01, 0xff5e)) return code - 0xff01 + 0x21;
  if (within(code, 0x24b6, 0x24cf)) return code - 0x24b6 + 'a';
  if (within(code, 0x24d0, 0x24e9)) return code - 0x24d0 + 'a';
  if (within(code, 0x1d400, 0x1d6a3)) {
    const char32_t letter = (code - 0x1d400) % 52;
    return letter < 26 ? letter + 'a' : letter - 26 + 'a';
  }
  if (within(code, 0x1d7ce, 0x1d7ff)) return '0';
  if (within(code, 0x1f130, 0x1f149)) return code - 0x1f130 + 'a';
  if (within(code, 0x1f150, 0x1f169)) return code - 0x1f150 + 'a';
  if (within(code, 0x1f170, 0x1f189)) return code - 0x1f170 + 'a';
  return 0;
}

char32_t fold_ascii(char32_t code) {
  if (within(code, 'A', 'Z')) return code + 0x20;
  return within(code, '0', '9') ? U'0' : code;
}

char32_t fold(char32_t code) {
  if (code < 0x80) return fold_ascii(code);
  if (code < 0x250) return lower_latin(code);
  if (within(code, 0x370, 0x3ff)) return lower_greek(code);
  if (within(code, 0x400, 0x556)) return lower_cyrillic(code);
  if (within(code, 0x660, 0x669) || within(code, 0x6f0, 0x6f9) || within(code, 0x966, 0x96f)) return '0';
  if (within(code, 0x1e00, 0x1e95) || within(code, 0x1ea0, 0x1eff)) return even(code);
  if (code == 0x1e9e) return 0xdf;
  if (within(code, 0x2018, 0x2019)) return '\'';
  if (const char32_t letter = plain(code); letter != 0) return fold_ascii(letter);
  return code;
}

}  // namespace

Character read_character(char32_t code) {
  const char32_t folded = fold(code);
  return {folded, class_of(folded)};
}

Script script_of(char32_t folded) {
  if (folded < 0x250 || within(folded, 0x1e00, 0x1eff)) return Script::Latin;
  if (within(folded, 0x370, 0x3ff) || within(folded, 0x1f00, 0x1fff)) return Script::Greek;
  if (within(folded, 0x400, 0x52f)) return Script::Cyrillic;
  if (within(folded, 0x590, 0x5ff)) return Script::Hebrew;
  if (within(folded, 0x600, 0x7bf)) return Script::Arabic;
  if (within(folded, 0x900, 0xdff)) return Script::Indic;
  if (within(folded, 0x1100, 0x11ff) || within(folded, 0x3130, 0x318f) || within(folded, 0xac00, 0xd7ff))
    return Script::Hangul;
  return class_of(folded) == Dense ? Script::Dense : Script::Other;
}

char32_t next_character(std::string_view text, std::size_t& at) {
  constexpr char32_t broken = 0xfffd;
  const auto octet = [&](std::size_t index) -> unsigned {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
  };
  const unsigned lead = octet(at++);
  if (lead < 0x80) return lead;
  const unsigned length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return broken;
  char32_t code = lead & (0x7fU >> length);
  for (unsigned index = 0; index + 1 < length; ++index) {
    const unsigned next = octet(at + index);
    if ((next & 0xc0) != 0x80) return broken;
    code = code << 6 | (next & 0x3f);
  }
  // RFC 3629 §3: no longer form than needed, no surrogates, nothing beyond U+10FFFF.
  if ((length == 3 && code < 0x800) || (length == 4 && !within(code, 0x10000, 0x10ffff))) return broken;
  if (within(code, 0xd800, 0xdfff)) return broken;
  at += length - 1;
  return code;
}

}  // namespace sluice
