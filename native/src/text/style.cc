#include "text/style.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::int64_t largest = 1'000'000;
constexpr std::int64_t far_away = -999;
constexpr std::int64_t smallest_opacity = 10;  // thousandths

struct Length {
  bool is_number = false;
  std::int64_t thousandths = 0;
  std::string_view unit;
};

/// `-12.5px`: the number in thousandths, and what stands behind it.
Length parse_length(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || text.starts_with('+')) at++;
  const std::size_t start = at;
  Length length;
  for (; at < text.size() && is_digit(text[at]); at++)
    length.thousandths = std::min(largest, length.thousandths * 10 + (text[at] - '0') * 1000);
  if (at < text.size() && text[at] == '.') {
    at++;
    for (std::int64_t weight = 100; at < text.size() && is_digit(text[at]); at++, weight /= 10)
      length.thousandths = std::min(largest, length.thousandths + (text[at] - '0') * weight);
  }
  length.is_number = at > start && is_digit(text[at - 1]);
  if (negative) length.thousandths = -length.thousandths;
  length.unit = text.substr(at);
  return length;
}

FontSize font_size(std::string_view value) {
  const Length length = parse_length(value);
  if (!length.is_number) return {};
  const auto pixels = [&](std::int64_t times, std::int64_t of) {
    return FontSize{FontSize::Unit::Pixels, length.thousandths * times / of};
  };
  if (length.unit.empty()) return length.thousandths == 0 ? pixels(1, 1) : FontSize{};
  if (equals_caseless(length.unit, "px")) return pixels(1, 1);
  if (equals_caseless(length.unit, "pt")) return pixels(4, 3);
  if (equals_caseless(length.unit, "rem")) return pixels(16, 1);
  if (equals_caseless(length.unit, "em")) return {FontSize::Unit::Relative, length.thousandths};
  if (length.unit == "%") return {FontSize::Unit::Relative, length.thousandths / 100};
  return length.thousandths == 0 ? pixels(1, 1) : FontSize{FontSize::Unit::Pixels, 16'000};
}

FontSize named_font_size(std::string_view value) {
  for (const std::string_view name : {"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "initial"})
    if (equals_caseless(value, name)) return {FontSize::Unit::Pixels, 16'000};
  return font_size(value);
}

/// Calls `take` with each word; what stands in brackets is one word.
template <typename Take>
void each_word(std::string_view text, Take take) {
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_space(text[at])) at++;
    const std::size_t start = at;
    for (int depth = 0; at < text.size() && (depth > 0 || !is_space(text[at])); at++) {
      if (text[at] == '(') depth++;
      if (text[at] == ')' && depth > 0) depth--;
    }
    if (at > start) take(text.substr(start, at - start));
  }
}

/// The size in `font: bold 12px/1.5 Arial`: a number with a unit, or zero.
FontSize shorthand_font_size(std::string_view value) {
  FontSize size;
  each_word(value, [&](std::string_view word) {
    if (size.unit != FontSize::Unit::Unset || !(is_digit(word[0]) || word[0] == '.')) return;
    size = font_size(word.substr(0, word.find('/')));
  });
  return size;
}

Color background(std::string_view value, Color current) {
  // A picture may be behind the text: then its colour is not known.
  if (find_caseless(value, "url(") != npos || find_caseless(value, "gradient(") != npos) return unknown_color;
  Color color = no_color;
  each_word(value, [&](std::string_view word) {
    if (const Color found = css_color(word); found != unknown_color) color = found;
    else if (color == no_color && !equals_caseless(word, "none") && !equals_caseless(word, "inherit")) color = unknown_color;
  });
  return color == no_color ? current : color;
}

Choice yes_if(bool condition) { return condition ? Choice::Yes : Choice::No; }

/// One pixel or less.
Choice is_nothing(std::string_view value) {
  const Length length = parse_length(value);
  if (!length.is_number) return Choice::No;
  const bool in_pixels = length.unit.empty() || equals_caseless(length.unit, "px") || equals_caseless(length.unit, "pt");
  return yes_if(length.thousandths <= (in_pixels ? 1000 : 0));
}

Choice is_opaque(std::string_view value) {
  const Length length = parse_length(value);
  if (!length.is_number) return Choice::Yes;
  return yes_if(length.thousandths > (length.unit == "%" ? 100 * smallest_opacity : smallest_opacity));
}

enum class Property : std::uint8_t {
  Background,
  BackgroundColor,
  BackgroundImage,
  Color,
  Display,
  Font,
  FontSize,
  Height,
  MaxHeight,
  MaxWidth,
  Opacity,
  Overflow,
  TextIndent,
  Visibility,
  Width,
};
constexpr std::string_view properties[] = {
    "background", "background-color", "background-image", "color",   "display",  "font",        "font-size", "height",
    "max-height", "max-width",        "opacity",          "overflow", "text-indent", "visibility", "width"};

void declare(Property property, std::string_view value, Style& style) {
  switch (property) {
    case Property::Display: style.displayed = yes_if(!equals_caseless(value, "none")); return;
    case Property::Visibility:
      style.visible = yes_if(!equals_caseless(value, "hidden") && !equals_caseless(value, "collapse"));
      return;
    case Property::Opacity: style.opaque = is_opaque(value); return;
    case Property::Overflow:
      style.clipped = yes_if(begins_caseless(value, "hidden") || begins_caseless(value, "clip"));
      return;
    case Property::TextIndent: {
      const Length length = parse_length(value);
      style.indented_away = yes_if(length.is_number && length.thousandths <= far_away * 1000);
      return;
    }
    case Property::Width: style.no_width = is_nothing(value); return;
    case Property::Height: style.no_height = is_nothing(value); return;
    case Property::MaxWidth: style.no_max_width = is_nothing(value); return;
    case Property::MaxHeight: style.no_max_height = is_nothing(value); return;
    case Property::FontSize:
    case Property::Font: {
      const FontSize size = property == Property::Font ? shorthand_font_size(value) : named_font_size(value);
      if (size.unit != FontSize::Unit::Unset) style.font = size;
      return;
    }
    case Property::Color:
      if (!equals_caseless(value, "inherit")) style.color = css_color(value);
      return;
    case Property::Background:
    case Property::BackgroundColor: style.background = background(value, style.background); return;
    case Property::BackgroundImage:
      if (!equals_caseless(value, "none")) style.background = unknown_color;
      return;
  }
}

void declare(std::string_view name, std::string_view value, Style& style) {
  // Few have the same length: that is quicker than a search by halves.
  const auto* const found = std::ranges::find_if(properties, [&](std::string_view p) { return equals_caseless(name, p); });
  if (found != std::end(properties)) declare(static_cast<Property>(found - properties), value, style);
}

/// Up to the semicolon that is in no bracket.
std::size_t declaration_end(std::string_view text, std::size_t at) {
  for (int depth = 0; at < text.size(); at++) {
    if (text[at] == '(') depth++;
    if (text[at] == ')' && depth > 0) depth--;
    if (text[at] == ';' && depth == 0) break;
  }
  return at;
}

void merge_choice(Choice& mine, Choice other) {
  if (other != Choice::Unset) mine = other;
}

}  // namespace

void Style::merge(const Style& other) {
  merge_choice(displayed, other.displayed);
  merge_choice(visible, other.visible);
  merge_choice(opaque, other.opaque);
  merge_choice(clipped, other.clipped);
  merge_choice(indented_away, other.indented_away);
  merge_choice(no_width, other.no_width);
  merge_choice(no_height, other.no_height);
  merge_choice(no_max_width, other.no_max_width);
  merge_choice(no_max_height, other.no_max_height);
  if (other.font.unit != FontSize::Unit::Unset) font = other.font;
  if (other.color != no_color) color = other.color;
  if (other.background != no_color) background = other.background;
}

bool Style::is_empty() const {
  const auto unset = [](Choice choice) { return choice == Choice::Unset; };
  return unset(displayed) && unset(visible) && unset(opaque) && unset(clipped) && unset(indented_away) && unset(no_width) &&
         unset(no_height) && unset(no_max_width) && unset(no_max_height) && font.unit == FontSize::Unit::Unset &&
         color == no_color && background == no_color;
}

Declarations parse_declarations(std::string_view text) {
  Declarations declarations;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = declaration_end(text, at);
    const std::string_view declaration = text.substr(at, end - at);
    at = end + 1;
    const std::size_t colon = declaration.find(':');
    if (colon == npos) continue;
    std::string_view value = trimmed(declaration.substr(colon + 1));
    const std::size_t mark = value.rfind('!');
    const bool important = mark != npos && equals_caseless(trimmed(value.substr(mark + 1)), "important");
    if (important) value = trimmed(value.substr(0, mark));
    declare(trimmed(declaration.substr(0, colon)), value, important ? declarations.important : declarations.normal);
  }
  return declarations;
}

}  // namespace sluice::text
