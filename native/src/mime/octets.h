// Classes of octets that the grammars of mail share.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sluice {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// Value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// RFC 2045 §5.1: token, without the tspecials.
constexpr bool is_token(char c) {
  if (c <= ' ' || c == 127) return false;
  switch (c) {
    case '(': case ')': case '<': case '>': case '@': case ',': case ';': case ':': case '\\':
    case '"': case '/': case '[': case ']': case '?': case '=':
      return false;
    default:
      return static_cast<unsigned char>(c) < 128;
  }
}

/// RFC 5322 §3.6.8: ftext, what names of fields are made of.
constexpr bool is_name(char c) { return c > ' ' && c < 127 && c != ':'; }

constexpr std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return trim_end(text);
}

/// `lowered` is in lower case already.
constexpr bool begins_caseless(std::string_view text, std::string_view lowered) {
  if (text.size() < lowered.size()) return false;
  for (std::size_t i = 0; i < lowered.size(); ++i)
    if (lower(text[i]) != lowered[i]) return false;
  return true;
}

constexpr bool equal_caseless(std::string_view text, std::string_view lowered) {
  return text.size() == lowered.size() && begins_caseless(text, lowered);
}

inline bool is_ascii(std::string_view text) {
  std::uint64_t high = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    high |= word;
  }
  for (; i < text.size(); ++i) high |= static_cast<unsigned char>(text[i]);
  return (high & 0x8080'8080'8080'8080) == 0;
}

inline void append_lower(std::string& to, std::string_view text) {
  const std::size_t start = to.size();
  to.append(text);
  for (std::size_t i = start; i < to.size(); ++i) to[i] = lower(to[i]);
}

/// The last octets of a text in UTF-8, from the beginning of a character on.
inline std::string_view last_octets(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  text.remove_prefix(text.size() - limit);
  while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80) text.remove_prefix(1);
  return text;
}

}  // namespace sluice
