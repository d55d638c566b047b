#include "decoding/charset.h"

#include "decoding/charset_decoder.h"
#include "decoding/charset_label.h"
#include "decoding/search.h"

namespace sluice {

namespace {

std::unique_ptr<CharsetDecoder> make_decoder(const Charset& charset, Faults& faults) {
  switch (charset.family) {
    case Family::Undeclared:
      return make_undeclared_decoder(faults);
    case Family::Utf8:
      return make_utf8_decoder();
    case Family::Utf16Le:
    case Family::Utf16Be:
      return make_utf16_decoder(charset.family == Family::Utf16Be);
    case Family::Utf7:
      return make_utf7_decoder();
    case Family::UserDefined:
    case Family::SingleByte:
      return make_single_byte_decoder(charset);
    case Family::Big5:
    case Family::EucJp:
    case Family::EucKr:
    case Family::ShiftJis:
      return make_pair_decoder(charset);
    case Family::Gb18030:
      return make_gb18030_decoder(charset);
    case Family::Iso2022Jp:
      return make_iso2022jp_decoder(charset);
    case Family::Hz:
    case Family::Iso2022Kr:
    case Family::Iso2022Cn:
      return make_seven_bit_decoder(charset);
  }
  return make_utf8_decoder();
}

class CharsetSink final : public Sink {
 public:
  CharsetSink(std::unique_ptr<CharsetDecoder> decoder, Sink& utf8, Faults& faults)
      : decoder_(std::move(decoder)), sink_(utf8), faults_(faults), out_(utf8) {}

  void write(std::string_view piece) override {
    decoder_->decode(piece, out_);
    settle();
  }

  void end() override {
    decoder_->finish(out_);
    settle();
    sink_.end();
  }

 private:
  void settle() {
    out_.flush();
    if (out_.broken() && !raised_) faults_.raise(Flag::CharsetBroken);
    raised_ = out_.broken();
  }

  std::unique_ptr<CharsetDecoder> decoder_;
  Sink& sink_;
  Faults& faults_;
  bool raised_ = false;
  Utf8Writer out_;
};

class StringSink final : public Sink {
 public:
  explicit StringSink(std::string& text) : text_(text) {}
  void write(std::string_view piece) override { text_.append(piece); }
  void end() override {}

 private:
  std::string& text_;
};

class Unheard final : public Faults {
 public:
  void raise(Flag, std::uint64_t) override {}
  void raise(Flag) override {}
};

/// Whether the octets are UTF-8 already, and mean the same in this charset: most header fields are.
bool is_plain(const Charset& charset, std::string_view octets) {
  if (charset.family == Family::Utf8) return !octets.starts_with(utf8_mark) && utf8_prefix(octets).valid == octets.size();
  const bool superset = charset.family == Family::Undeclared || charset.family == Family::SingleByte;
  return superset && ascii_prefix(octets.data(), octets.size()) == octets.size();
}

/// What an unknown label is read as: every octet of it is a character.
const Charset& fallback() { return *find_charset("windows-1252"); }

}  // namespace

bool is_known_charset(std::string_view label) { return find_charset(label) != nullptr; }

std::unique_ptr<Sink> make_charset_decoder(std::string_view label, Sink& utf8, Faults& faults) {
  const Charset* charset = find_charset(label);
  if (charset == nullptr) faults.raise(Flag::CharsetUnknown);
  if (charset != nullptr && charset->family == Family::Utf7) faults.raise(Flag::CharsetUtf7);
  return std::make_unique<CharsetSink>(make_decoder(charset == nullptr ? fallback() : *charset, faults), utf8, faults);
}

bool decode_charset(std::string_view label, std::string_view octets, std::string& utf8) {
  const Charset* charset = find_charset(label);
  if (charset != nullptr && is_plain(*charset, octets)) {
    utf8.append(octets);
    return true;
  }
  StringSink sink(utf8);
  Unheard unheard;
  Utf8Writer out(sink);
  const auto decoder = make_decoder(charset == nullptr ? fallback() : *charset, unheard);
  decoder->decode(octets, out);
  decoder->finish(out);
  out.flush();
  return charset != nullptr && !out.broken();
}

}  // namespace sluice
