#include "decoding/charset_label.h"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

// What the Encoding Standard has otherwise than the converter of ICU. ICU has no ISO-8859-16: it is ISO-8859-15 with these.
constexpr CharsetException latin10[] = {
    {0xa1, 0x0104}, {0xa2, 0x0105}, {0xa3, 0x0141}, {0xa5, 0x201e}, {0xaa, 0x0218}, {0xac, 0x0179},
    {0xae, 0x017a}, {0xaf, 0x017b}, {0xb2, 0x010c}, {0xb3, 0x0142}, {0xb5, 0x201d}, {0xb9, 0x010d},
    {0xba, 0x0219}, {0xbf, 0x017c}, {0xc3, 0x0102}, {0xc5, 0x0106}, {0xd0, 0x0110}, {0xd1, 0x0143},
    {0xd5, 0x0150}, {0xd7, 0x015a}, {0xd8, 0x0170}, {0xdd, 0x0118}, {0xde, 0x021a}, {0xe3, 0x0103},
    {0xe5, 0x0107}, {0xf0, 0x0111}, {0xf1, 0x0144}, {0xf5, 0x0151}, {0xf7, 0x015b}, {0xf8, 0x0171},
    {0xfd, 0x0119}, {0xfe, 0x021b}};
constexpr CharsetException belarusian[] = {{0xae, 0x045e}, {0xbe, 0x040e}};
constexpr CharsetException greek[] = {{0xaa, 0xfffd}};
constexpr CharsetException hebrew[] = {{0xca, 0x05ba}};

// The labels of each, between spaces; those that mail uses most come first, because the search is in this order.
constexpr Charset charsets[] = {
None
};

constexpr const Charset& undeclared = charsets[0];

constexpr std::size_t longest_label = 32;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

std::string_view trimmed(std::string_view label) {
  while (!label.empty() && is_space(label.front())) label.remove_prefix(1);
  while (!label.empty() && is_space(label.back())) label.remove_suffix(1);
  return label;
}

}  // namespace

const Charset* find_charset(std::string_view label) {
  label = trimmed(label);
  if (label.empty()) return &undeclared;
  if (label.size() > longest_label || std::ranges::any_of(label, is_space)) return nullptr;
  std::array<char, longest_label + 2> text;
  text[0] = ' ';
  for (std::size_t i = 0; i < label.size(); ++i)
    text[i + 1] = label[i] >= 'A' && label[i] <= 'Z' ? static_cast<char>(label[i] + 0x20) : label[i];
  text[label.size() + 1] = ' ';
  const std::string_view wanted(text.data(), label.size() + 2);
  for (const Charset& charset : charsets)
    if (charset.labels.find(wanted) != std::string_view::npos) return &charset;
  return nullptr;
}

}  // namespace sluice
