// UTF-8 and UTF-16, which need no table.
#include <algorithm>
#include <array>

#include "decoding/charset_decoder.h"
#include "decoding/utf16_units.h"

namespace sluice {

namespace {

class Utf8Decoder final : public CharsetDecoder {
 public:
  void decode(std::string_view piece, Utf8Writer& out) override {
    while (held_size_ > 0 && !piece.empty()) {
      held_[held_size_++] = piece.front();
      piece.remove_prefix(1);
      resolve(out, false);
    }
    while (!piece.empty()) {
      const Utf8Prefix prefix = utf8_prefix(piece);
      put_valid(piece.substr(0, prefix.valid), out);
      piece.remove_prefix(prefix.valid);
      if (piece.empty()) return;
      if (prefix.cut > 0) return hold(piece);
      put_error(out);
      piece.remove_prefix(utf8_error(piece));
    }
  }

  void finish(Utf8Writer& out) override {
    if (held_size_ > 0) resolve(out, true);
  }

 private:
  void hold(std::string_view rest) {
    std::ranges::copy(rest, held_.begin());
    held_size_ = rest.size();
  }

  /// What was held back has grown: is it a character now, or an error?
  void resolve(Utf8Writer& out, bool last) {
    const std::string_view held(held_.data(), held_size_);
    const Utf8Prefix prefix = utf8_prefix(held);
    if (prefix.valid == 0 && prefix.cut > 0 && !last) return;
    held_size_ = 0;
    if (prefix.valid > 0) return put_valid(held.substr(0, prefix.valid), out);
    const std::size_t size = utf8_error(held);
    put_error(out);
    // What follows the error is one octet, which may begin a character.
    if (size < held.size()) {
      const char next = held[size];
      decode({&next, 1}, out);
    }
  }

  void put_valid(std::string_view text, Utf8Writer& out) {
    if (text.empty()) return;
    if (!begun_ && text.starts_with(utf8_mark)) text.remove_prefix(utf8_mark.size());
    begun_ = true;
    out.put_text(text);
  }

  void put_error(Utf8Writer& out) {
    begun_ = true;
    out.put_broken();
  }

  std::array<char, 4> held_{};
  std::size_t held_size_ = 0;
  bool begun_ = false;
};

class Utf16Decoder final : public CharsetDecoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

  void decode(std::string_view piece, Utf8Writer& out) override {
    for (const char c : piece) {
      const auto octet = static_cast<unsigned char>(c);
      if (half_) take_unit(big_endian_ ? first_ << 8U | octet : first_ | static_cast<unsigned>(octet) << 8U, out);
      else first_ = octet;
      half_ = !half_;
    }
  }

  void finish(Utf8Writer& out) override {
    units_.end(out);
    if (half_) out.put_broken();
    half_ = false;
  }

 private:
  /// The mark tells the order of octets, whatever the label said (RFC 2781 §3.2).
  void take_unit(char32_t unit, Utf8Writer& out) {
    const bool swapped = unit == 0xfffe && !units_.begun();
    if (swapped) big_endian_ = !big_endian_;
    units_.take(swapped ? 0xfeff : unit, out);
  }

  Utf16Units units_;
  bool big_endian_;
  bool half_ = false;
  unsigned first_ = 0;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_utf8_decoder() { return std::make_unique<Utf8Decoder>(); }

std::unique_ptr<CharsetDecoder> make_utf16_decoder(bool big_endian) { return std::make_unique<Utf16Decoder>(big_endian); }

}  // namespace sluice
