// Text without a charset: UTF-8 where it is that, else windows-1252, run by run.
//
// Promises: a run is what stands between two LF, and at most 1,024 octets of it; a run that would end within a character
// of UTF-8 leaves that to the next. At most one run is held back.
#include <cstring>
#include <string>

#include "decoding/charset_decoder.h"
#include "decoding/charset_tables.h"
#include "decoding/search.h"

namespace sluice {

namespace {

constexpr std::size_t longest_run = 1'024;
class UndeclaredDecoder final : public CharsetDecoder {
 public:
  explicit UndeclaredDecoder(Faults& faults) : faults_(faults) {}

  void decode(std::string_view piece, Utf8Writer& out) override {
    while (!piece.empty()) piece.remove_prefix(held_.empty() ? take_ascii(piece, out) : take_other(piece, out));
  }

  void finish(Utf8Writer& out) override {
    while (!held_.empty()) decide(out, true);
  }

 private:
  /// ASCII is the same in both, so it waits for nothing.
  std::size_t take_ascii(std::string_view piece, Utf8Writer& out) {
    const std::size_t size = ascii_prefix(piece.data(), piece.size());
    if (size == 0) {
      if (!missing_) faults_.raise(Flag::CharsetMissing);
      missing_ = true;
      return take_other(piece, out);
    }
    const std::string_view text = piece.substr(0, size);
    out.put_text(text);
    begun_ = true;
    const std::size_t newline = text.rfind('\n');
    run_ = newline == std::string_view::npos ? run_ + size : size - newline - 1;
    run_ %= longest_run;
    return size;
  }

  std::size_t take_other(std::string_view piece, Utf8Writer& out) {
    const std::size_t room = longest_run - run_ - held_.size();
    const std::string_view rest = piece.substr(0, room);
    const std::size_t newline = rest.find('\n');
    const std::size_t size = newline == std::string_view::npos ? rest.size() : newline;
    held_.append(rest.substr(0, size));
    if (newline != std::string_view::npos) {
      while (!held_.empty()) decide(out, true);
      out.put('\n');
      run_ = 0;
      return size + 1;
    }
    if (size == room) decide(out, false);
    return size;
  }

  /// The run is complete; `last` when nothing of its line follows.
  void decide(Utf8Writer& out, bool last) {
    const Utf8Prefix prefix = utf8_prefix(held_);
    const bool whole = prefix.valid == held_.size();
    const bool cut = !last && prefix.cut > 0 && prefix.valid + prefix.cut == held_.size();
    const std::size_t size = whole || cut ? prefix.valid : held_.size();
    if (whole || cut) put_utf8_run(std::string_view(held_).substr(0, size), out);
    else put_1252_run(out);
    held_.erase(0, size);
    run_ = 0;
  }

  void put_utf8_run(std::string_view run, Utf8Writer& out) {
    if (!begun_ && run.starts_with(utf8_mark)) run.remove_prefix(utf8_mark.size());
    begun_ = true;
    out.put_text(run);
  }

  void put_1252_run(Utf8Writer& out) {
    begun_ = true;
    if (table_ == nullptr) table_ = &single_byte_table(*find_charset("windows-1252"));
    for (const char c : held_) {
      const auto octet = static_cast<unsigned char>(c);
      out.put(octet < 0x80 ? octet : (*table_)[octet - 0x80U]);
    }
  }

  Faults& faults_;
  bool missing_ = false;
  bool begun_ = false;
  /// Octets of the run that have been written: all ASCII.
  std::size_t run_ = 0;
  const UpperHalf* table_ = nullptr;
  std::string held_;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_undeclared_decoder(Faults& faults) {
  return std::make_unique<UndeclaredDecoder>(faults);
}

}  // namespace sluice
