// The octets of ASCII, without a locale.
#pragma once
#include <cstddef>
#include <string_view>

namespace sluice::text {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
/// White space between the words of a tag or a style.
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
constexpr unsigned octet(char c) { return static_cast<unsigned char>(c); }

/// `lowercase` is in lower case already.
constexpr bool equals_caseless(std::string_view text, std::string_view lowercase) {
  if (text.size() != lowercase.size()) return false;
  for (std::size_t i = 0; i < text.size(); i++)
    if (lower(text[i]) != lowercase[i]) return false;
  return true;
}

constexpr bool begins_caseless(std::string_view text, std::string_view lowercase) {
  return text.size() >= lowercase.size() && equals_caseless(text.substr(0, lowercase.size()), lowercase);
}

/// Where `lowercase` begins in `text` from `at` on, or npos.
constexpr std::size_t find_caseless(std::string_view text, std::string_view lowercase, std::size_t at = 0) {
  for (; at + lowercase.size() <= text.size(); at++)
    if (begins_caseless(text.substr(at), lowercase)) return at;
  return std::string_view::npos;
}

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace sluice::text
