#include "decoding/quoted_printable.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "decoding/search.h"

namespace sluice {

namespace {

constexpr std::size_t capacity = 24 * 1024;
/// White space that is held back until it is known whether a line end follows.
constexpr std::size_t longest_blank = 1'000;
/// Less is made room for before the next octets are taken.
constexpr std::size_t least_room = 32;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Of a hexadecimal digit of either case.
constexpr std::uint8_t no_digit = 0x80;
constexpr std::array<std::uint8_t, 256> digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::uint8_t i = 0; i < 10; ++i) table['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i)
    table['A' + i] = table['a' + i] = static_cast<std::uint8_t>(10 + i);
  return table;
}();

inline std::uint8_t digit(char c) { return digits[static_cast<unsigned char>(c)]; }
inline bool is_digit(char c) { return digit(c) != no_digit; }
inline char octet_of(char first, char second) { return static_cast<char>(digit(first) << 4 | digit(second)); }

}  // namespace

QuotedPrintableDecoder::QuotedPrintableDecoder(Sink& sink, Faults& faults)
    : sink_(sink),
      faults_(faults),
      copy_(choose_copy_until()),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity)) {}

void QuotedPrintableDecoder::decode(std::string_view piece, std::uint64_t offset) {
  std::size_t at = 0;
  while (at < piece.size()) {
    if (in_escape_) {
      if (take_escape(piece[at])) ++at;
      continue;
    }
    if (capacity - filled_ < least_room) flush(false);
    const std::size_t size = take_clean(piece.substr(at));
    at += size;
    if (at == piece.size() || capacity - filled_ < least_room) continue;
    if (piece[at] == '\n') {
      take_line_end();
    } else {
      in_escape_ = true;
      escape_offset_ = offset + at;
    }
    at += 1;
  }
  flush(false);
}

std::size_t QuotedPrintableDecoder::take_clean(std::string_view piece) {
  const char* const in = piece.data();
  const std::size_t size = piece.size();
  char* const out = buffer_.get();
  std::size_t at = 0;
  std::size_t filled = filled_;
  while (at < size && capacity - filled >= least_room) {
    if (in[at] == '=') {
      if (size - at < 3) break;
      if (is_digit(in[at + 1]) && is_digit(in[at + 2])) out[filled++] = octet_of(in[at + 1], in[at + 2]);
      else if (in[at + 1] != '\r' || in[at + 2] != '\n') break;
      at += 3;
      fixed_ = filled;
    } else if (in[at] == '\n') {
      // Nothing to remove: the common case.
      const std::size_t text = filled - (filled > 0 && out[filled - 1] == '\r' ? 1 : 0);
      if (text > 0 && is_blank(out[text - 1])) break;
      out[filled++] = '\n';
      at += 1;
    } else {
      const std::size_t copied = copy_(in + at, std::min(size - at, capacity - filled), out + filled);
      at += copied;
      filled += copied;
    }
  }
  filled_ = filled;
  return at;
}

void QuotedPrintableDecoder::take_plain(std::string_view plain) {
  while (!plain.empty()) {
    if (filled_ == capacity) flush(false);
    const std::size_t size = std::min(plain.size(), capacity - filled_);
    std::memcpy(buffer_.get() + filled_, plain.data(), size);
    filled_ += size;
    plain.remove_prefix(size);
  }
}

void QuotedPrintableDecoder::take_line_end() {
  const bool cr = filled_ > fixed_ && buffer_[filled_ - 1] == '\r';
  if (cr) --filled_;
  trim();
  take_plain(cr ? "\r\n" : "\n");
}

// RFC 2045 §6.7 rule 3: white space at the end of a line was added on the way.
void QuotedPrintableDecoder::trim() {
  const std::size_t least = filled_ - std::min(filled_ - fixed_, longest_blank);
  while (filled_ > least && is_blank(buffer_[filled_ - 1])) --filled_;
}

bool QuotedPrintableDecoder::take_escape(char octet) {
  const bool blank_so_far = held_.empty() || is_blank(held_.front());
  const bool cr = !held_.empty() && held_.back() == '\r';
  if (octet == '\n' && (held_.empty() || cr || blank_so_far)) {
    in_escape_ = false;
    held_.clear();
    fixed_ = filled_;
    return true;
  }
  if (!cr && blank_so_far && (octet == '\r' || (is_blank(octet) && held_.size() < longest_blank))) {
    held_.push_back(octet);
    return true;
  }
  if (is_digit(octet) && held_.empty()) {
    held_.push_back(octet);
    return true;
  }
  if (is_digit(octet) && held_.size() == 1 && is_digit(held_.front())) {
    const char decoded = octet_of(held_.front(), octet);
    in_escape_ = false;
    held_.clear();
    take_plain({&decoded, 1});
    fixed_ = filled_;
    return true;
  }
  refuse_escape();
  return false;
}

void QuotedPrintableDecoder::refuse_escape() {
  if (!raised_) faults_.raise(Flag::QpEscape, escape_offset_);
  raised_ = true;
  in_escape_ = false;
  take_plain("=");
  take_plain(held_);
  held_.clear();
}

void QuotedPrintableDecoder::finish(std::uint64_t) {
  if (in_escape_) {
    const bool digit = !held_.empty() && is_digit(held_.front());
    if (digit) refuse_escape();
    in_escape_ = false;
    held_.clear();
  }
  trim();
  flush(true);
}

void QuotedPrintableDecoder::flush(bool all) {
  std::size_t keep = filled_;
  if (!all) {
    if (keep > fixed_ && buffer_[keep - 1] == '\r') --keep;
    const std::size_t least = keep - std::min(keep - fixed_, longest_blank);
    while (keep > least && is_blank(buffer_[keep - 1])) --keep;
  }
  if (keep > 0) sink_.write({buffer_.get(), keep});
  filled_ -= keep;
  fixed_ = fixed_ > keep ? fixed_ - keep : 0;
  std::memmove(buffer_.get(), buffer_.get() + keep, filled_);
}

}  // namespace sluice
