// gb18030, and gbk, which is read as that (Encoding Standard §10.1.1, §10.2.1).
#include "decoding/charset_decoder.h"
#include "decoding/charset_tables.h"
#include "decoding/search.h"

namespace sluice {

namespace {

constexpr bool within(unsigned octet, unsigned least, unsigned most) { return octet >= least && octet <= most; }

class Gb18030Decoder final : public CharsetDecoder {
 public:
  explicit Gb18030Decoder(const Charset& charset) : charset_(charset), pairs_(pair_table(charset)) {}

  void decode(std::string_view piece, Utf8Writer& out) override {
    while (!piece.empty()) {
      const auto octet = static_cast<unsigned char>(piece.front());
      if (first_ != 0) {
        if (take_further(octet, out)) piece.remove_prefix(1);
      } else if (octet < 0x80) {
        const std::size_t size = ascii_prefix(piece.data(), piece.size());
        out.put_text(piece.substr(0, size));
        piece.remove_prefix(size);
      } else if (const std::size_t size = pairs_.put_pairs(piece, out); size > 0) {
        piece.remove_prefix(size);
      } else {
        take_first(octet, out);
        piece.remove_prefix(1);
      }
    }
  }

  void finish(Utf8Writer& out) override {
    if (first_ != 0) out.put_broken();
    first_ = second_ = third_ = 0;
  }

 private:
  void take_first(unsigned octet, Utf8Writer& out) {
    if (octet == 0x80) out.put(0x20ac);
    else if (octet == 0xff) out.put_broken();
    else first_ = octet;
  }

  /// False when the octet has to be read again.
  bool take_further(unsigned octet, Utf8Writer& out) {
    if (third_ != 0) return take_fourth(octet, out);
    if (second_ != 0) return take_third(octet, out);
    if (within(octet, 0x30, 0x39)) {
      second_ = octet;
      return true;
    }
    const char32_t character = pairs_.at(first_, octet);
    first_ = 0;
    if (character != no_character) {
      out.put(character);
      return true;
    }
    out.put_broken();
    return octet >= 0x80;
  }

  bool take_third(unsigned octet, Utf8Writer& out) {
    if (within(octet, 0x81, 0xfe)) {
      third_ = octet;
      return true;
    }
    out.put_broken();
    out.put(second_);
    first_ = second_ = 0;
    return false;
  }

  bool take_fourth(unsigned octet, Utf8Writer& out) {
    if (within(octet, 0x30, 0x39)) {
      const std::size_t pointer =
          (first_ - 0x81) * 12'600U + (second_ - 0x30) * 1'260U + (third_ - 0x81) * 10U + (octet - 0x30);
      const char32_t character = of_pointer(pointer);
      if (character == no_character) out.put_broken();
      else out.put(character);
      first_ = second_ = third_ = 0;
      return true;
    }
    // The second octet is a digit and stands for itself; the third may begin a character.
    out.put_broken();
    out.put(second_);
    first_ = third_;
    second_ = third_ = 0;
    return false;
  }

  char32_t of_pointer(std::size_t pointer) const {
    if (pointer < basic_quads) return quad_table(charset_)[pointer];
    if (pointer < 189'000 || pointer > 1'237'575) return no_character;
    return 0x1'0000 + static_cast<char32_t>(pointer - 189'000);
  }

  const Charset& charset_;
  const PairTable& pairs_;
  unsigned first_ = 0;
  unsigned second_ = 0;
  unsigned third_ = 0;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_gb18030_decoder(const Charset& charset) {
  return std::make_unique<Gb18030Decoder>(charset);
}

}  // namespace sluice
