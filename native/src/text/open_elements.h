// The elements that are open at a place in HTML, and whether a reader sees text there.
//
// Promises: at most 256 are tracked; each tag costs at most that, and mostly little. Where browsers repair what is closed in
// the wrong order, the outcome is close to theirs; where in doubt, text is visible: a pattern looks there first.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/element.h"
#include "text/style.h"

namespace sluice::text {

/// How text looks in an element.
struct Look {
  bool gone = false;     // nothing inside can be seen
  bool unseen = false;   // never meant to be seen: templates, titles
  bool invisible = false;
  bool foreign = false;  // by the rules of SVG and MathML
  std::int64_t font = 16'000;  // thousandths of a pixel
  Color color = 0x000000;
  Color background = 0xffffff;

  bool is_hidden() const;
};

class OpenElements {
 public:
  OpenElements() { open_.reserve(16); }
  const Look& look() const { return open_.empty() ? root_ : open_.back().look; }
  bool is_hidden() const;
  bool is_unseen() const { return look().unseen; }
  /// How the element would look here.
  Look look_of(const Element& element, std::string_view name, const Style& style) const {
    return derive(look(), element, name, style);
  }
  /// Closes what a start tag closes.
  void prepare(const Element& element);
  /// `look` is how it looks here.
  void open(const Element& element, std::string_view name, const Style& style, const Look& look);
  /// False when nothing of that name was open.
  bool close(const Element& element, std::string_view name);

 private:
  struct Open {
    const Element* element = nullptr;
    std::size_t kind = 0;
    std::string name;
    Style style;
    Look look;
  };

  static Look derive(const Look& parent, const Element& element, std::string_view name, const Style& style);
  void refresh(std::size_t from);
  void count(const Open& open, int change);
  void pop_to(std::size_t position, bool keep_formatting);

  const Look root_{};
  std::vector<Open> open_;
  /// How many are open of each kind and of each group: most tags need no search.
  std::array<std::uint16_t, kind_count> kinds_{};
  std::array<std::uint16_t, 16> groups_{};
  std::uint32_t open_groups_ = 0;
  /// Elements that are open and not tracked.
  std::size_t beyond_ = 0;
};

}  // namespace sluice::text
