// Declarations of CSS as far as they decide whether text is seen.
//
// Promises: linear. Leaves out: what is computed from more than numbers, and escapes: such a declaration says nothing here.
#pragma once
#include <cstdint>
#include <string_view>

#include "text/color.h"

namespace sluice::text {

enum class Choice : std::uint8_t { Unset, No, Yes };

/// A length of font: thousandths of a pixel, or thousandths of the font around it.
struct FontSize {
  enum class Unit : std::uint8_t { Unset, Pixels, Relative };
  Unit unit = Unit::Unset;
  std::int64_t thousandths = 0;
};

struct Style {
  Choice displayed = Choice::Unset;
  Choice visible = Choice::Unset;
  Choice opaque = Choice::Unset;
  Choice clipped = Choice::Unset;  // overflow: hidden
  Choice indented_away = Choice::Unset;
  Choice no_width = Choice::Unset;
  Choice no_height = Choice::Unset;
  Choice no_max_width = Choice::Unset;
  Choice no_max_height = Choice::Unset;
  FontSize font;
  Color color = no_color;
  Color background = no_color;

  bool is_empty() const;
  /// What `other` says wins.
  void merge(const Style& other);
  bool has_no_room() const {
    return clipped == Choice::Yes && (no_width == Choice::Yes || no_height == Choice::Yes ||
                                      no_max_width == Choice::Yes || no_max_height == Choice::Yes);
  }
};

struct Declarations {
  Style normal;
  Style important;
};

/// Reads `name: value; name: value !important`.
Declarations parse_declarations(std::string_view text);

}  // namespace sluice::text
