// Which characters a charset has: tables made from the converters of ICU, once per thread and charset, at first use.
//
// Promises: ICU says which characters there are; which octets belong together is said by the Encoding Standard and done by the
// decoders, so that a broken lead octet never takes the ASCII behind it along. Where ICU has other characters than the standard
// (of the versions 72 to 78), the exceptions of charset_label.cc and charset_exceptions.cc say so: the result is that of the
// standard for every sequence. The thread owns its tables and frees them when it ends. The largest, gb18030, takes 175 KB.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "decoding/charset_label.h"
#include "decoding/utf8.h"

namespace sluice {

/// What no character is: U+FFFD, which no converter gives for one.
inline constexpr char32_t no_character = 0xfffd;

/// Characters of the octets 128 to 255.
using UpperHalf = std::array<char16_t, 128>;
const UpperHalf& single_byte_table(const Charset& charset);

/// Characters of two octets: the first 0x81 to 0xFE, the second 0x40 to 0xFE.
class PairTable {
 public:
  static constexpr std::size_t leads = 0xfe - 0x81 + 1;
  static constexpr std::size_t trails = 0xfe - 0x40 + 1;

  PairTable() : characters_(leads * trails, no_character) {}
  char32_t at(unsigned lead, unsigned trail) const {
    return lead < 0x81 || lead > 0xfe || trail < 0x40 || trail > 0xfe ? no_character : characters_[place(lead, trail)];
  }
  /// Writes the characters of pairs at the beginning of the text, up to the first that is none, and gives how many octets.
  std::size_t put_pairs(std::string_view text, Utf8Writer& out) const {
    std::size_t size = 0;
    while (text.size() - size >= 2) {
      const char32_t character =
          at(static_cast<unsigned char>(text[size]), static_cast<unsigned char>(text[size + 1]));
      if (character == no_character) break;
      out.put(character);
      size += 2;
    }
    return size;
  }
  void set(unsigned lead, unsigned trail, char32_t character) { characters_[place(lead, trail)] = character; }

 private:
  static std::size_t place(unsigned lead, unsigned trail) { return (lead - 0x81) * trails + (trail - 0x40); }
  std::vector<char32_t> characters_;
};
const PairTable& pair_table(const Charset& charset);

/// JIS X 0212: what euc-jp has behind 0x8F; both octets 0xA1 to 0xFE.
const PairTable& jis0212_table(const Charset& charset);

/// What gb18030 has in four octets within the basic plane, by the pointer of the Encoding Standard.
inline constexpr std::size_t basic_quads = 39'420;
using QuadTable = std::vector<char16_t>;
const QuadTable& quad_table(const Charset& charset);

}  // namespace sluice
