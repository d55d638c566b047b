// ISO-2022-JP (RFC 1468), as the Encoding Standard §12.2.1 has it: ASCII, JIS X 0201, JIS X 0208, half-width katakana.
#include "decoding/charset_decoder.h"
#include "decoding/charset_tables.h"

namespace sluice {

namespace {

constexpr unsigned escape = 0x1b;

class Iso2022JpDecoder final : public CharsetDecoder {
 public:
  explicit Iso2022JpDecoder(const PairTable& jis0208) : jis0208_(jis0208) {}

  void decode(std::string_view piece, Utf8Writer& out) override {
    for (const char c : piece) take(static_cast<unsigned char>(c), out);
  }

  void finish(Utf8Writer& out) override {
    if (state_ != State::Set) refuse_escape(out);
    if (lead_ != 0) out.put_broken();
    lead_ = 0;
  }

 private:
  enum class State { Set, Escape, EscapeMore };
  enum class Set { Ascii, Roman, Katakana, Jis0208 };

  void take(unsigned octet, Utf8Writer& out) {
    if (state_ == State::Escape && (octet == '$' || octet == '(')) {
      second_ = octet;
      state_ = State::EscapeMore;
    } else if (state_ == State::EscapeMore && choose(octet)) {
      state_ = State::Set;
      // An escape sequence that no character follows is an error when another comes.
      if (just_chosen_) out.put_broken();
      just_chosen_ = true;
    } else {
      if (state_ != State::Set) refuse_escape(out);
      take_in_set(octet, out);
    }
  }

  bool choose(unsigned third) {
    if (second_ == '$' && (third == '@' || third == 'B')) set_ = Set::Jis0208;
    else if (second_ == '(' && third == 'B') set_ = Set::Ascii;
    else if (second_ == '(' && third == 'J') set_ = Set::Roman;
    else if (second_ == '(' && third == 'I') set_ = Set::Katakana;
    else return false;
    return true;
  }

  /// What followed ESC is read as text of the set in force.
  void refuse_escape(Utf8Writer& out) {
    const bool more = state_ == State::EscapeMore;
    state_ = State::Set;
    just_chosen_ = false;
    out.put_broken();
    if (more) take_in_set(second_, out);
  }

  void take_in_set(unsigned octet, Utf8Writer& out) {
    if (lead_ != 0) return take_trail(octet, out);
    if (octet == escape) {
      state_ = State::Escape;
      return;
    }
    just_chosen_ = false;
    if (set_ == Set::Jis0208) {
      if (octet >= 0x21 && octet <= 0x7e) lead_ = octet;
      else out.put_broken();
      return;
    }
    const char32_t character = set_ == Set::Katakana ? katakana(octet) : letter(octet);
    if (character == no_character) out.put_broken();
    else out.put(character);
  }

  void take_trail(unsigned octet, Utf8Writer& out) {
    const unsigned lead = lead_;
    lead_ = 0;
    const bool high = octet >= 0x21 && octet <= 0x7e;
    const char32_t character = high ? jis0208_.at(lead | 0x80, octet | 0x80) : no_character;
    if (character == no_character) out.put_broken();
    else out.put(character);
    if (octet == escape) state_ = State::Escape;
  }

  static char32_t katakana(unsigned octet) {
    return octet >= 0x21 && octet <= 0x5f ? 0xff61 - 0x21 + octet : no_character;
  }

  char32_t letter(unsigned octet) const {
    if (octet >= 0x80 || octet == 0x0e || octet == 0x0f) return no_character;
    if (set_ == Set::Roman && octet == 0x5c) return 0xa5;
    if (set_ == Set::Roman && octet == 0x7e) return 0x203e;
    return octet;
  }

  const PairTable& jis0208_;
  State state_ = State::Set;
  Set set_ = Set::Ascii;
  unsigned lead_ = 0;
  unsigned second_ = 0;
  bool just_chosen_ = false;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_iso2022jp_decoder(const Charset& charset) {
  return std::make_unique<Iso2022JpDecoder>(pair_table(charset));
}

}  // namespace sluice
