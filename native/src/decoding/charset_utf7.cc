// UTF-7 (RFC 2152).
//
// Promises: any ASCII character stands for itself outside base64, even those that RFC 2152 would have encoded: that is what others
// read. Octets above 127, a `+` that nothing follows, lonely surrogates and bits left over become U+FFFD.
#include "decoding/base64_bulk.h"
#include "decoding/charset_decoder.h"
#include "decoding/utf16_units.h"

namespace sluice {

namespace {

class Utf7Decoder final : public CharsetDecoder {
 public:
  void decode(std::string_view piece, Utf8Writer& out) override {
    for (const char c : piece) {
      const auto octet = static_cast<unsigned char>(c);
      if (state_ == State::Direct) take_direct(octet, out);
      else take_shifted(octet, out);
    }
  }

  void finish(Utf8Writer& out) override {
    if (state_ != State::Direct) leave(out);
  }

 private:
  enum class State { Direct, Plus, Base64 };

  void take_direct(unsigned char octet, Utf8Writer& out) {
    if (octet == '+') {
      state_ = State::Plus;
      return;
    }
    units_.end(out);
    if (octet < 0x80) out.put(octet);
    else out.put_broken();
  }

  void take_shifted(unsigned char octet, Utf8Writer& out) {
    const std::uint8_t value = base64::values[octet];
    if (value < base64::blank) return take_sextet(value, out);
    if (state_ == State::Plus && octet == '-') {
      state_ = State::Direct;
      units_.end(out);
      return out.put('+');
    }
    leave(out);
    if (octet != '-') take_direct(octet, out);
  }

  void take_sextet(std::uint32_t value, Utf8Writer& out) {
    state_ = State::Base64;
    bits_ = bits_ << 6 | value;
    bit_count_ += 6;
    if (bit_count_ < 16) return;
    bit_count_ -= 16;
    units_.take(bits_ >> bit_count_, out);
    bits_ &= (1U << bit_count_) - 1;
  }

  /// Base64 is over: what is left is less than a sextet, and zero.
  void leave(Utf8Writer& out) {
    units_.end(out);
    if (state_ == State::Plus || bit_count_ >= 6 || bits_ != 0) out.put_broken();
    state_ = State::Direct;
    bits_ = 0;
    bit_count_ = 0;
  }

  Utf16Units units_;
  State state_ = State::Direct;
  std::uint32_t bits_ = 0;
  std::uint32_t bit_count_ = 0;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_utf7_decoder() { return std::make_unique<Utf7Decoder>(); }

}  // namespace sluice
