#include "model/shapes.h"

#include <algorithm>

namespace sluice {

namespace {

enum Made : unsigned { small = 1, capital = 2, digit = 4 };

constexpr unsigned made_of(char octet) {
  if (octet >= 'a' && octet <= 'z') return small;
  if (octet >= 'A' && octet <= 'Z') return capital;
  return octet >= '0' && octet <= '9' ? unsigned{digit} : 0U;
}

constexpr bool is_high(char octet) { return static_cast<unsigned char>(octet) > 127; }
constexpr char letters[] = "?aAm0xXM";
constexpr char base_36[] = "0123456789abcdefghijklmnopqrstuvwxyz";

}  // namespace

Shape::Shape(std::string_view text) {
  const auto put = [this](char octet) {
    if (size_ < octets_.size()) octets_[size_++] = octet;
  };
  for (std::size_t at = 0; at < text.size() && size_ < octets_.size();) {
    const std::size_t start = at;
    const char first = text[at++];
    if (made_of(first) != 0) {
      unsigned made = made_of(first);
      for (; at < text.size() && made_of(text[at]) != 0; ++at) made |= made_of(text[at]);
      put(letters[made]);
      put(base_36[std::min<std::size_t>(at - start, 35)]);
    } else if (is_high(first)) {
      while (at < text.size() && is_high(text[at])) ++at;
      put('u');
    } else {
      while (at < text.size() && text[at] == first) ++at;
      put(first);
    }
  }
}

Lowered::Lowered(std::string_view text) : size_(std::min(text.size(), octets_.size())) {
  std::transform(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_), octets_.begin(),
      [](char octet) { return made_of(octet) == capital ? static_cast<char>(octet + 0x20) : octet; });
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char octet) { return static_cast<unsigned char>(octet) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace sluice
