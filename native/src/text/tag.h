// A tag of HTML as far as the reader of mail looks at it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::text {

enum class Attribute : std::uint8_t {
  Action,
  Alt,
  Background,
  Bgcolor,
  Cite,
  Class,
  Codebase,
  Color,
  Content,
  Data,
  Dynsrc,
  Formaction,
  Hidden,
  Href,
  HttpEquiv,
  Id,
  Imagesrcset,
  Longdesc,
  Lowsrc,
  Manifest,
  Ping,
  Placeholder,
  Poster,
  Src,
  Srcset,
  Style,
  Text,
  Type,
  Value,
  XlinkHref,
};

inline constexpr std::string_view attribute_names[] = {
    "action", "alt",         "background", "bgcolor",  "cite",   "class",    "codebase", "color",       "content", "data",
    "dynsrc", "formaction",  "hidden",     "href",     "http-equiv", "id",   "imagesrcset", "longdesc", "lowsrc",  "manifest",
    "ping",   "placeholder", "poster",     "src",      "srcset", "style",    "text",     "type",        "value",   "xlink:href"};
inline constexpr std::size_t attribute_count = sizeof attribute_names / sizeof *attribute_names;

/// A bit for each of them.
using Attributes = std::uint32_t;
static_assert(attribute_count <= 32);
template <std::size_t count>
constexpr Attributes bits_of(const Attribute (&attributes)[count]) {
  Attributes bits = 0;
  for (const Attribute attribute : attributes) bits |= Attributes{1} << static_cast<std::size_t>(attribute);
  return bits;
}

/// Where the names of each letter begin.
inline constexpr auto attribute_begins = [] {
  std::array<std::uint8_t, 27> begins{};
  for (const std::string_view name : attribute_names)
    for (std::size_t letter = static_cast<std::size_t>(name[0] - 'a') + 1; letter < begins.size(); letter++) begins[letter]++;
  return begins;
}();

class Tag {
 public:
  bool closing = false;
  bool self_closing = false;
  /// In lower case, at most 33 octets; no name that matters has more than 32.
  std::string name;

  bool has(Attribute attribute) const { return ((present_ >> index(attribute)) & 1) != 0; }
  /// Those of `wanted` that it has.
  Attributes among(Attributes wanted) const { return present_ & wanted; }
  /// Empty when there is none.
  std::string_view operator[](Attribute attribute) const {
    return has(attribute) ? std::string_view{values_[index(attribute)]} : std::string_view{};
  }

  void clear(bool is_closing) {
    closing = is_closing;
    self_closing = false;
    name.clear();
    present_ = 0;
  }
  /// Where the value goes; nullptr when the tag has that attribute already: the first one counts.
  std::string* add(std::string_view attribute_name) {
    if (attribute_name.empty() || attribute_name[0] < 'a' || attribute_name[0] > 'z') return nullptr;
    const auto letter = static_cast<std::size_t>(attribute_name[0] - 'a');
    for (std::size_t i = attribute_begins[letter]; i < attribute_begins[letter + 1]; i++) {
      if (attribute_names[i] != attribute_name) continue;
      if (((present_ >> i) & 1) != 0) return nullptr;
      present_ |= Attributes{1} << i;
      values_[i].clear();
      return &values_[i];
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t index(Attribute attribute) { return static_cast<std::size_t>(attribute); }

  Attributes present_ = 0;
  std::array<std::string, attribute_count> values_;
};

}  // namespace sluice::text
