#include "text/color.h"

#include <cstddef>

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr int alike = 8;  // of 255, in each channel: too little to read by, enough to look different to a program

struct Name {
  std::string_view name;
  Color color;
};
constexpr Name names[] = {
    {"aqua", 0x00ffff},      {"azure", 0xf0ffff},      {"beige", 0xf5f5dc},     {"black", 0x000000},   {"blue", 0x0000ff},
    {"cyan", 0x00ffff},      {"floralwhite", 0xfffaf0}, {"fuchsia", 0xff00ff},  {"ghostwhite", 0xf8f8ff},
    {"gray", 0x808080},      {"green", 0x008000},      {"grey", 0x808080},      {"ivory", 0xfffff0},   {"lightgray", 0xd3d3d3},
    {"lightgrey", 0xd3d3d3}, {"lime", 0x00ff00},       {"linen", 0xfaf0e6},     {"magenta", 0xff00ff}, {"maroon", 0x800000},
    {"mintcream", 0xf5fffa}, {"navy", 0x000080},       {"olive", 0x808000},     {"orange", 0xffa500},  {"purple", 0x800080},
    {"red", 0xff0000},       {"seashell", 0xfff5ee},   {"silver", 0xc0c0c0},    {"snow", 0xfffafa},    {"teal", 0x008080},
    {"transparent", transparent}, {"white", 0xffffff}, {"whitesmoke", 0xf5f5f5}, {"yellow", 0xffff00}};

int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

Color from_digits(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 4 && digits.size() != 6 && digits.size() != 8) return unknown_color;
  const std::size_t width = digits.size() < 6 ? 1 : 2;
  Color color = 0;
  Color opacity = 1;
  for (std::size_t i = 0; i < digits.size(); i += width) {
    const int first = hexadecimal(digits[i]);
    const int second = hexadecimal(digits[i + width - 1]);
    if (first < 0 || second < 0) return unknown_color;
    const Color channel = first * 16 + second;
    if (i == 3 * width) opacity = channel;
    else color = color * 256 + channel;
  }
  return opacity == 0 ? transparent : color;
}

/// `255, 0, 0` or `100% 0 0 / 0`.
Color from_channels(std::string_view text) {
  Color color = 0;
  std::size_t at = 0;
  for (int channel = 0; channel < 4; channel++) {
    while (at < text.size() && (is_space(text[at]) || text[at] == ',' || text[at] == '/')) at++;
    if (at == text.size()) return channel == 3 ? color : unknown_color;
    int whole = 0;
    bool zero = true;
    const std::size_t start = at;
    for (; at < text.size() && is_digit(text[at]); at++) {
      whole = whole < 1000 ? whole * 10 + (text[at] - '0') : whole;
      zero = zero && text[at] == '0';
    }
    if (at < text.size() && text[at] == '.')
      for (at++; at < text.size() && is_digit(text[at]); at++) zero = zero && text[at] == '0';
    if (at == start) return unknown_color;
    if (at < text.size() && text[at] == '%') {
      whole = whole * 255 / 100;
      at++;
    }
    if (channel == 3) return zero ? transparent : color;
    color = color * 256 + (whole > 255 ? 255 : whole);
  }
  return color;
}

}  // namespace

Color css_color(std::string_view value) {
  value = trimmed(value);
  if (value.starts_with('#')) return from_digits(value.substr(1));
  if (begins_caseless(value, "rgb(")) return from_channels(value.substr(4, value.find(')') - 4));
  if (begins_caseless(value, "rgba(")) return from_channels(value.substr(5, value.find(')') - 5));
  for (const auto& [name, color] : names)
    if (equals_caseless(value, name)) return color;
  return unknown_color;
}

Color attribute_color(std::string_view value) {
  const Color color = css_color(value);
  return color == unknown_color ? from_digits(trimmed(value)) : color;
}

bool are_alike(Color a, Color b) {
  if (a < 0 || b < 0) return false;
  for (int shift = 0; shift <= 16; shift += 8) {
    const int difference = ((a >> shift) & 0xff) - ((b >> shift) & 0xff);
    if (difference > alike || difference < -alike) return false;
  }
  return true;
}

}  // namespace sluice::text
