#include "decoding/utf8.h"

#include <cstring>

#include "decoding/search.h"

namespace sluice {

namespace {

/// What the second octet may be, by the first (Unicode table 3-7); size 0 for what begins no character.
struct Lead {
  std::size_t size;
  unsigned char least;
  unsigned char most;
};

constexpr Lead lead_of(unsigned char first) {
  if (first >= 0xc2 && first <= 0xdf) return {2, 0x80, 0xbf};
  if (first == 0xe0) return {3, 0xa0, 0xbf};
  if (first == 0xed) return {3, 0x80, 0x9f};
  if (first >= 0xe1 && first <= 0xef) return {3, 0x80, 0xbf};
  if (first == 0xf0) return {4, 0x90, 0xbf};
  if (first >= 0xf1 && first <= 0xf3) return {4, 0x80, 0xbf};
  if (first == 0xf4) return {4, 0x80, 0x8f};
  return {0, 1, 0};
}

constexpr std::array<Lead, 256> leads = [] {
  std::array<Lead, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = lead_of(static_cast<unsigned char>(i));
  return table;
}();

constexpr bool continues(unsigned char octet) { return (octet & 0xc0) == 0x80; }

/// How many of the octets at `text`, at most `size`, are those of one character: all of them, or it is broken or cut there.
struct Extent {
  std::size_t present;
  std::size_t wanted;
};

inline Extent extent_of(const unsigned char* text, std::size_t size) {
  const Lead& lead = leads[text[0]];
  if (lead.size == 0) return {1, 0};
  if (size < 2) return {1, lead.size};
  if (text[1] < lead.least || text[1] > lead.most) return {1, 0};
  for (std::size_t i = 2; i < lead.size; ++i) {
    if (i == size) return {i, lead.size};
    if (!continues(text[i])) return {i, 0};
  }
  return {lead.size, lead.size};
}

}  // namespace

Utf8Prefix utf8_prefix(std::string_view text) {
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t size = text.size();
  std::size_t at = 0;
  while (at < size) {
    const unsigned char first = octets[at];
    if (first < 0x80) {
      // A short look first: between other letters ASCII is mostly a space.
      if (at + 1 < size && octets[at + 1] >= 0x80) at += 1;
      else at += ascii_prefix(text.data() + at, size - at);
    } else if (first >= 0xc2 && first <= 0xdf && at + 1 < size && continues(octets[at + 1])) {
      at += 2;
    } else if (first >= 0xe1 && first <= 0xec && at + 2 < size && continues(octets[at + 1]) &&
               continues(octets[at + 2])) {
      at += 3;
    } else {
      const Extent extent = extent_of(octets + at, size - at);
      if (extent.wanted == 0) return {at, 0};
      if (extent.present < extent.wanted) return {at, extent.present};
      at += extent.present;
    }
  }
  return {at, 0};
}

std::size_t utf8_error(std::string_view text) {
  return extent_of(reinterpret_cast<const unsigned char*>(text.data()), text.size()).present;
}

void Utf8Writer::put_text(std::string_view text) {
  if (text.size() > buffer_.size() / 4) {
    flush();
    sink_.write(text);
    return;
  }
  if (filled_ + text.size() > buffer_.size()) flush();
  std::memcpy(buffer_.data() + filled_, text.data(), text.size());
  filled_ += text.size();
}

void Utf8Writer::flush() {
  if (filled_ > 0) sink_.write({buffer_.data(), filled_});
  filled_ = 0;
}

}  // namespace sluice
