// Colours, for telling whether text differs from what is behind it.
//
// Leaves out: most names. A colour that is not known is never equal to another one, so that its text counts as visible.
#pragma once
#include <cstdint>
#include <string_view>

namespace sluice::text {

/// 0xRRGGBB, or one of the others.
using Color = std::int32_t;
inline constexpr Color unknown_color = -1;
inline constexpr Color transparent = -2;
inline constexpr Color no_color = -3;

/// The colour in a value of CSS: a name, `#rgb`, `#rrggbb`, with or without opacity, `rgb(…)`, `rgba(…)`.
Color css_color(std::string_view value);
/// The colour in an attribute: also without `#`.
Color attribute_color(std::string_view value);
/// Whether text of one is unreadable on the other.
bool are_alike(Color a, Color b);

}  // namespace sluice::text
