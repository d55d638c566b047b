// Charsets of two octets a character beside ASCII: Big5, euc-kr, Shift_JIS; and euc-jp, which has some of three.
//
// Promises: what the Encoding Standard says (§11 to §13), error for error: a pair that is none is one U+FFFD, and its second octet is
// read again if it is ASCII.
#include "decoding/charset_decoder.h"
#include "decoding/charset_tables.h"
#include "decoding/search.h"

namespace sluice {

namespace {

constexpr bool within(unsigned octet, unsigned least, unsigned most) { return octet >= least && octet <= most; }

/// The frame of all of them: ASCII, and leads that wait for their trail.
class PairDecoder : public CharsetDecoder {
 public:
  void decode(std::string_view piece, Utf8Writer& out) override {
    while (!piece.empty()) {
      const auto octet = static_cast<unsigned char>(piece.front());
      if (lead_ != 0) {
        if (take_trail(octet, out)) piece.remove_prefix(1);
      } else if (octet < 0x80) {
        const std::size_t size = ascii_prefix(piece.data(), piece.size());
        out.put_text(piece.substr(0, size));
        piece.remove_prefix(size);
      } else if (const std::size_t size = take_pairs(piece, out); size > 0) {
        piece.remove_prefix(size);
      } else {
        take_first(octet, out);
        piece.remove_prefix(1);
      }
    }
  }

  void finish(Utf8Writer& out) override {
    if (lead_ != 0) out.put_broken();
    lead_ = 0;
  }

 protected:
  /// Whole pairs at the beginning, as long as they are characters; gives how many octets.
  virtual std::size_t take_pairs(std::string_view text, Utf8Writer& out) = 0;
  /// Not ASCII. Sets the lead, or writes.
  virtual void take_first(unsigned octet, Utf8Writer& out) = 0;
  /// False when the octet has to be read again.
  virtual bool take_trail(unsigned octet, Utf8Writer& out) = 0;

  /// A character or U+FFFD for lead and octet; false when the octet has to be read again.
  bool put_pair(char32_t character, unsigned octet, Utf8Writer& out) {
    lead_ = 0;
    if (character != no_character) {
      out.put(character);
      return true;
    }
    out.put_broken();
    return octet >= 0x80;
  }

  unsigned lead_ = 0;
};

class EucKrDecoder : public PairDecoder {
 public:
  explicit EucKrDecoder(const PairTable& table) : table_(table) {}

 protected:
  std::size_t take_pairs(std::string_view text, Utf8Writer& out) override { return table_.put_pairs(text, out); }
  void take_first(unsigned octet, Utf8Writer& out) override {
    if (within(octet, 0x81, 0xfe)) lead_ = octet;
    else out.put_broken();
  }
  bool take_trail(unsigned octet, Utf8Writer& out) override { return put_pair(table_.at(lead_, octet), octet, out); }

  const PairTable& table_;
};

class Big5Decoder final : public EucKrDecoder {
 public:
  using EucKrDecoder::EucKrDecoder;

 private:
  bool take_trail(unsigned octet, Utf8Writer& out) override {
    const unsigned pair = lead_ << 8U | octet;
    const bool upper = pair == 0x8862 || pair == 0x8864;
    const bool lower = pair == 0x88a3 || pair == 0x88a5;
    if (!upper && !lower) return EucKrDecoder::take_trail(octet, out);
    // The four that are two characters in Unicode: E with circumflex and macron or caron (Encoding Standard §11.1.1).
    lead_ = 0;
    out.put(upper ? 0xca : 0xea);
    out.put(octet == 0x62 || octet == 0xa3 ? 0x304 : 0x30c);
    return true;
  }
};

class ShiftJisDecoder final : public EucKrDecoder {
 public:
  using EucKrDecoder::EucKrDecoder;

 private:
  void take_first(unsigned octet, Utf8Writer& out) override {
    if (within(octet, 0x81, 0x9f) || within(octet, 0xe0, 0xfc)) lead_ = octet;
    else if (octet == 0x80) out.put(octet);
    else if (within(octet, 0xa1, 0xdf)) out.put(0xff61 + octet - 0xa1);
    else out.put_broken();
  }
};

class EucJpDecoder final : public PairDecoder {
 public:
  EucJpDecoder(const PairTable& jis0208, const PairTable& jis0212) : jis0208_(jis0208), jis0212_(jis0212) {}

 private:
  std::size_t take_pairs(std::string_view text, Utf8Writer& out) override { return jis0208_.put_pairs(text, out); }
  void take_first(unsigned octet, Utf8Writer& out) override {
    three_ = false;
    if (octet == 0x8e || octet == 0x8f || within(octet, 0xa1, 0xfe)) lead_ = octet;
    else out.put_broken();
  }

  bool take_trail(unsigned octet, Utf8Writer& out) override {
    const bool high = within(octet, 0xa1, 0xfe);
    if (lead_ == 0x8f && high) {
      three_ = true;
      lead_ = octet;
      return true;
    }
    if (lead_ == 0x8e && within(octet, 0xa1, 0xdf)) return put_pair(0xff61 + octet - 0xa1, octet, out);
    if (!high || lead_ < 0xa1) return put_pair(no_character, octet, out);
    return put_pair((three_ ? jis0212_ : jis0208_).at(lead_, octet), octet, out);
  }

  const PairTable& jis0208_;
  const PairTable& jis0212_;
  bool three_ = false;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_pair_decoder(const Charset& charset) {
  const PairTable& table = pair_table(charset);
  if (charset.family == Family::Big5) return std::make_unique<Big5Decoder>(table);
  if (charset.family == Family::ShiftJis) return std::make_unique<ShiftJisDecoder>(table);
  if (charset.family == Family::EucJp) return std::make_unique<EucJpDecoder>(table, jis0212_table(charset));
  return std::make_unique<EucKrDecoder>(table);
}

}  // namespace sluice
