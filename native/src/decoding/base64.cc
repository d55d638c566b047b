#include "decoding/base64.h"

namespace sluice {

namespace {

constexpr std::size_t capacity = 24 * 1024;

constexpr std::uint32_t bit_of(Flag flag) {
  return flag == Flag::Base64Character ? 1U : flag == Flag::Base64Padding ? 2U : 4U;
}

}  // namespace

Base64Decoder::Base64Decoder(Sink& sink, Faults& faults)
    : sink_(sink),
      faults_(faults),
      bulk_(base64::choose_bulk()),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity + base64::slack)) {}

void Base64Decoder::decode(std::string_view piece, std::uint64_t offset) {
  std::size_t at = 0;
  while (at < piece.size()) {
    if (count_ == 0 && !padded_) {
      const base64::Progress done =
          bulk_(piece.data() + at, piece.size() - at, buffer_.get() + filled_, capacity - filled_);
      at += done.read;
      filled_ += done.written;
      if (at == piece.size()) break;
    }
    if (filled_ + 3 > capacity - base64::slack) flush();
    take(static_cast<unsigned char>(piece[at]), offset + at);
    at += 1;
  }
  flush();
}

void Base64Decoder::take(unsigned char octet, std::uint64_t offset) {
  const std::uint8_t value = base64::values[octet];
  if (value >= base64::blank) {
    if (octet == '=') take_padding(offset);
    else if (value != base64::blank) raise(Flag::Base64Character, offset);
    return;
  }
  if (padded_) {
    raise(Flag::Base64Padding, offset);
    padded_ = false;
    owed_ = 0;
  }
  group_ = group_ << 6 | value;
  if (++count_ < 4) return;
  buffer_[filled_++] = static_cast<char>(group_ >> 16);
  buffer_[filled_++] = static_cast<char>(group_ >> 8);
  buffer_[filled_++] = static_cast<char>(group_);
  count_ = 0;
  group_ = 0;
}

void Base64Decoder::take_padding(std::uint64_t offset) {
  if (padded_ && owed_ > 0) {
    owed_ -= 1;
    return;
  }
  if (padded_ || count_ < 2) {
    raise(Flag::Base64Character, offset);
    return;
  }
  padded_ = true;
  owed_ = 3 - count_;
  if (count_ == 3) {
    buffer_[filled_++] = static_cast<char>(group_ >> 10);
    buffer_[filled_++] = static_cast<char>(group_ >> 2);
  } else {
    buffer_[filled_++] = static_cast<char>(group_ >> 4);
  }
  count_ = 0;
  group_ = 0;
}

void Base64Decoder::finish(std::uint64_t offset) {
  if (count_ > 0 || owed_ > 0) raise(Flag::Base64Length, offset);
  if (count_ == 3) {
    buffer_[filled_++] = static_cast<char>(group_ >> 10);
    buffer_[filled_++] = static_cast<char>(group_ >> 2);
  } else if (count_ == 2) {
    buffer_[filled_++] = static_cast<char>(group_ >> 4);
  }
  count_ = 0;
  owed_ = 0;
  flush();
}

void Base64Decoder::raise(Flag flag, std::uint64_t offset) {
  if ((raised_ & bit_of(flag)) != 0) return;
  raised_ |= bit_of(flag);
  faults_.raise(flag, offset);
}

void Base64Decoder::flush() {
  if (filled_ == 0) return;
  sink_.write({buffer_.get(), filled_});
  filled_ = 0;
}

}  // namespace sluice
