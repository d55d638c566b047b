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

class Tag {
 public:
  bool closing = false;
  bool self_closing = false;
  /// In lower case, at most 33 octets; no name that matters has more than 32.
  std::string name;

  bool has(Attribute attribute) const { return ((present_ >> index(attribute)) & 1) != 0; }
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
    if (attribute_name.empty()) return nullptr;
    for (std::size_t i = 0; i < attribute_count; i++) {
      // Most are told apart by their first letter.
      if (attribute_names[i].front() != attribute_name.front() || attribute_names[i] != attribute_name) continue;
      if (((present_ >> i) & 1) != 0) return nullptr;
      present_ |= 1u << i;
      values_[i].clear();
      return &values_[i];
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t index(Attribute attribute) { return static_cast<std::size_t>(attribute); }

  std::uint32_t present_ = 0;
  std::array<std::string, attribute_count> values_;
};

}  // namespace sluice::text
