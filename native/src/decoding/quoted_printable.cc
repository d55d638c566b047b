#include "decoding/quoted_printable.h"

#include <algorithm>
#include <cstring>

#include "decoding/search.h"

namespace sluice {

namespace {

constexpr std::size_t capacity = 24 * 1024;
/// White space that is held back until it is known whether a line end follows.
constexpr std::size_t longest_blank = 1'000;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

QuotedPrintableDecoder::QuotedPrintableDecoder(Sink& sink, Faults& faults)
    : sink_(sink), faults_(faults), buffer_(std::make_unique_for_overwrite<char[]>(capacity)) {}

void QuotedPrintableDecoder::decode(std::string_view piece, std::uint64_t offset) {
  std::size_t at = 0;
  while (at < piece.size()) {
    if (in_escape_) {
      if (take_escape(piece[at])) ++at;
      continue;
    }
    const std::size_t next = at + find_either(piece.data() + at, piece.size() - at, '=', '\n');
    take_plain(piece.substr(at, next - at));
    if (next == piece.size()) break;
    at = next + 1;
    if (piece[next] == '\n') {
      take_line_end();
      continue;
    }
    if (at + 1 < piece.size() && hex(piece[at]) >= 0 && hex(piece[at + 1]) >= 0) {
      if (filled_ == capacity) flush(false);
      buffer_[filled_++] = static_cast<char>(hex(piece[at]) << 4 | hex(piece[at + 1]));
      fixed_ = filled_;
      at += 2;
      continue;
    }
    in_escape_ = true;
    escape_offset_ = offset + next;
  }
  flush(false);
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
  if (hex(octet) >= 0 && held_.empty()) {
    held_.push_back(octet);
    return true;
  }
  if (hex(octet) >= 0 && held_.size() == 1 && hex(held_.front()) >= 0) {
    const char decoded = static_cast<char>(hex(held_.front()) << 4 | hex(octet));
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
    const bool digit = !held_.empty() && hex(held_.front()) >= 0;
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
