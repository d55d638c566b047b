// UTF-8 checked and written.
//
// Promises: what is not UTF-8 becomes U+FFFD once per "maximal subpart" (Unicode §3.9, as in the Encoding Standard).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sink.h"

namespace sluice {

/// The byte order mark.
inline constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

/// A prefix of some text as UTF-8: `valid` octets are whole characters; `cut` more begin a character whose rest is missing.
struct Utf8Prefix {
  std::size_t valid;
  std::size_t cut;
};
/// The longest valid beginning; `cut` is only set when it reaches to the end of the text.
Utf8Prefix utf8_prefix(std::string_view text);

/// How many octets at the beginning, which is not a whole character, are one error: 1 to 3.
std::size_t utf8_error(std::string_view text);

/// Writes a character as UTF-8 and gives its length: 1 to 4.
inline std::size_t put_utf8(char32_t character, char* out) {
  if (character < 0x80) {
    out[0] = static_cast<char>(character);
    return 1;
  }
  if (character < 0x800) {
    out[0] = static_cast<char>(0xc0 | character >> 6);
    out[1] = static_cast<char>(0x80 | (character & 0x3f));
    return 2;
  }
  if (character < 0x1'0000) {
    out[0] = static_cast<char>(0xe0 | character >> 12);
    out[1] = static_cast<char>(0x80 | (character >> 6 & 0x3f));
    out[2] = static_cast<char>(0x80 | (character & 0x3f));
    return 3;
  }
  out[0] = static_cast<char>(0xf0 | character >> 18);
  out[1] = static_cast<char>(0x80 | (character >> 12 & 0x3f));
  out[2] = static_cast<char>(0x80 | (character >> 6 & 0x3f));
  out[3] = static_cast<char>(0x80 | (character & 0x3f));
  return 4;
}

/// Gathers characters for a sink.
class Utf8Writer {
 public:
  explicit Utf8Writer(Sink& sink) : sink_(sink) {}
  void put(char32_t character) {
    if (filled_ + 4 > buffer_.size()) flush();
    filled_ += put_utf8(character, buffer_.data() + filled_);
  }
  /// U+FFFD, and remembered.
  void put_broken() {
    broken_ = true;
    put(0xfffd);
  }
  /// Text that is UTF-8 already.
  void put_text(std::string_view text);
  bool broken() const { return broken_; }
  void flush();

 private:
  Sink& sink_;
  std::size_t filled_ = 0;
  bool broken_ = false;
  std::array<char, 4096> buffer_;
};

}  // namespace sluice
