#include "text/spacing.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr std::size_t capacity = 16'384;
/// Less is made room for before the next octets are taken: a run that is cut costs more than one that is not.
constexpr std::size_t least_room = 256;

enum class Kind : std::uint8_t { Plain, Space, LineEnd, Control, Special };

// What the first octet of a character says. Plain are also all octets in the middle of one: only characters that begin with
// one of the special octets need a closer look.
constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (unsigned c = 0; c < 0x20; c++) kinds[c] = Kind::Control;
  kinds[0x7f] = Kind::Control;
  for (unsigned c : {0x20u, 0x09u, 0x0bu, 0x0cu}) kinds[c] = Kind::Space;
  kinds['\r'] = kinds['\n'] = Kind::LineEnd;
  for (unsigned c : {0xc2u, 0xcdu, 0xd8u, 0xe1u, 0xe2u, 0xe3u, 0xefu, 0xf3u}) kinds[c] = Kind::Special;
  return kinds;
}
constexpr std::array<Kind, 256> kinds = make_kinds();

constexpr Kind kind_of(char c) { return kinds[octet(c)]; }

constexpr std::size_t length_from(char first) { return octet(first) < 0xe0 ? 2 : octet(first) < 0xf0 ? 3 : 4; }

constexpr char32_t code_point(std::string_view s) {
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(octet(s[i]) & 0x3f); };
  if (s.size() == 2) return (static_cast<char32_t>(octet(s[0]) & 0x1f) << 6) | tail(1);
  if (s.size() == 3) return (static_cast<char32_t>(octet(s[0]) & 0x0f) << 12) | (tail(1) << 6) | tail(2);
  return (static_cast<char32_t>(octet(s[0]) & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3);
}

constexpr bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

}  // namespace

Seen seen(std::string_view character) {
  const char32_t c = code_point(character);
  if (c == 0xa0 || c == 0x1680 || within(c, 0x2000, 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000)
    return Seen::Space;
  if (c == 0x85 || c == 0x2028) return Seen::LineEnd;
  if (c == 0x2029) return Seen::Paragraph;
  const bool invisible = within(c, 0x80, 0x9f) || c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 ||
                         c == 0x17b4 || c == 0x17b5 || within(c, 0x180b, 0x180e) || within(c, 0x200b, 0x200f) ||
                         within(c, 0x202a, 0x202e) || within(c, 0x2060, 0x206f) || c == 0x3164 ||
                         within(c, 0xfe00, 0xfe0f) || c == 0xfeff || c == 0xffa0 || within(c, 0xe0000, 0xe0fff);
  return invisible ? Seen::Invisible : Seen::Visible;
}

Spacing::Spacing(Folded& target, Faults& faults, LineEnds line_ends)
    : target_(target),
      faults_(faults),
      counts_(line_ends),
      copy_(choose_copy_printable()),
      out_(std::make_unique_for_overwrite<char[]>(capacity)) {}

/// White space is decided by what follows it, which is about to be written: there is room for both afterwards.
void Spacing::settle() {
  if (capacity - filled_ < least_room) flush();
  if (space_ && size() > 0) out_[filled_++] = line_ends_ > 1 ? '\n' : ' ';
  space_ = was_cr_ = false;
  line_ends_ = 0;
}

/// One character, settled.
void Spacing::append(std::string_view character) {
  std::memcpy(out_.get() + filled_, character.data(), character.size());
  filled_ += character.size();
}

/// Takes a run of octets that need no closer look, the first of which is visible, and gives where it ends.
const char* Spacing::plain(const char* at, const char* end) {
  settle();
  const char* const stop = at + std::min(static_cast<std::size_t>(end - at), capacity - filled_);
  const std::size_t copied = copy_(at, static_cast<std::size_t>(stop - at), out_.get() + filled_);
  at += copied;
  filled_ += copied;
  for (; at < stop && !is_ascii(*at) && kind_of(*at) == Kind::Plain; at++) out_[filled_++] = *at;
  // The space at the end may be the first of several.
  if (at[-1] == ' ') {
    filled_--;
    space_ = true;
  }
  return at;
}

void Spacing::space() { space_ = true; }

void Spacing::line_end() {
  space_ = true;
  if (line_ends_ < 2) line_ends_++;
}

void Spacing::block() {
  space_ = true;
  line_ends_ = 2;
}

void Spacing::decide(std::string_view character) {
  switch (seen(character)) {
    case Seen::Visible:
      settle();
      append(character);
      return;
    case Seen::Paragraph:
      was_cr_ = false;
      if (counts_ == LineEnds::Count) return block();
      return space();
    case Seen::LineEnd:
      was_cr_ = false;
      if (counts_ == LineEnds::Count) return line_end();
      return space();
    case Seen::Space:
      was_cr_ = false;
      return space();
    case Seen::Invisible:
      was_cr_ = false;
      if (!invisible_) faults_.raise(Flag::Invisible);
      invisible_ = true;
      return;
  }
}

/// A character that needs a closer look: held back when its end is not here yet.
const char* Spacing::special(const char* at, const char* end) {
  const std::size_t length = length_from(*at);
  if (static_cast<std::size_t>(end - at) >= length) {
    decide({at, length});
    return at + length;
  }
  for (; at < end; at++) held_[held_size_++] = *at;
  return at;
}

/// CRLF is one line end.
const char* Spacing::take_line_end(const char* at, const char* end) {
  const bool is_pair = *at == '\r' && end - at > 1 && at[1] == '\n';
  if (counts_ == LineEnds::AreSpaces || (was_cr_ && *at == '\n')) space();
  else line_end();
  was_cr_ = *at == '\r' && !is_pair;
  return at + (is_pair ? 2 : 1);
}

void Spacing::write(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  while (held_size_ > 0 && at < end) {
    held_[held_size_++] = *at++;
    if (held_size_ < length_from(held_[0])) continue;
    decide({held_, held_size_});
    held_size_ = 0;
  }
  while (at < end) {
    switch (kind_of(*at)) {
      case Kind::Plain: at = plain(at, end); break;
      case Kind::Space:
        was_cr_ = false;
        space();
        at++;
        break;
      case Kind::LineEnd: at = take_line_end(at, end); break;
      case Kind::Control:
        was_cr_ = false;
        if (!invisible_) faults_.raise(Flag::Invisible);
        invisible_ = true;
        at++;
        break;
      case Kind::Special: at = special(at, end); break;
    }
  }
}

void Spacing::flush() {
  if (filled_ == 0) return;
  target_.folded({out_.get(), filled_});
  size_ += filled_;
  filled_ = 0;
}

void Spacing::end() {
  if (held_size_ > 0) {
    // Cut off within a character, which valid UTF-8 is not.
    settle();
    append("\xef\xbf\xbd");
    held_size_ = 0;
  }
  flush();
}

}  // namespace sluice::text
