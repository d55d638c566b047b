#include "text/open_elements.h"

#include <algorithm>

namespace sluice::text {

namespace {

constexpr std::size_t most_open = 256;
constexpr std::size_t most_of_a_kind = 3;  // https://html.spec.whatwg.org/#the-list-of-active-formatting-elements
constexpr std::int64_t smallest_font = 1'000;
constexpr std::int64_t largest_font = 1'000'000;

/// Elements inside SVG and MathML in which HTML goes on.
bool is_integration_point(std::string_view name) {
  for (const std::string_view point : {"foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"})
    if (name == point) return true;
  return false;
}

}  // namespace

bool Look::is_hidden() const {
  return gone || invisible || font <= smallest_font || color == transparent || are_alike(color, background);
}

bool OpenElements::is_hidden() const { return beyond_ > 0 ? look().gone : look().is_hidden(); }

Look OpenElements::derive(const Look& parent, const Element& element, std::string_view name, const Style& style) {
  Look look = parent;
  look.unseen = parent.unseen || element.is(Unseen | Code);
  look.gone = look.unseen || parent.gone || style.displayed == Choice::No || style.opaque == Choice::No ||
              style.indented_away == Choice::Yes || style.has_no_room();
  if (style.visible != Choice::Unset) look.invisible = style.visible == Choice::No;
  if (element.is(Foreign)) look.foreign = true;
  else if (look.foreign && is_integration_point(name)) look.foreign = false;
  if (style.font.unit == FontSize::Unit::Pixels) look.font = style.font.thousandths;
  if (style.font.unit == FontSize::Unit::Relative) look.font = parent.font * style.font.thousandths / 1000;
  look.font = std::min(look.font, largest_font);
  if (style.color != no_color) look.color = style.color;
  if (style.background != no_color && style.background != transparent) look.background = style.background;
  return look;
}

void OpenElements::refresh(std::size_t from) {
  for (std::size_t i = from; i < open_.size(); i++) {
    Open& open = open_[i];
    open.look = derive(i == 0 ? root_ : open_[i - 1].look, *open.element, open.name, open.style);
  }
}

void OpenElements::count(const Open& open, int change) {
  kinds_[open.kind] = static_cast<std::uint16_t>(kinds_[open.kind] + change);
  for (std::uint32_t groups = open.element->group; groups != 0; groups &= groups - 1) {
    const auto bit = static_cast<std::size_t>(__builtin_ctz(groups));
    groups_[bit] = static_cast<std::uint16_t>(groups_[bit] + change);
    if (groups_[bit] == 0) open_groups_ &= ~(1u << bit);
    else open_groups_ |= 1u << bit;
  }
}

/// Closes the element at `position` and what is inside; formatting may go on behind it.
void OpenElements::pop_to(std::size_t position, bool keep_formatting) {
  std::size_t kept = position;
  for (std::size_t i = position + 1; keep_formatting && i < open_.size(); i++) {
    const Open& open = open_[i];
    if (!open.element->is(Formatting)) continue;
    const auto same = std::count_if(open_.begin() + static_cast<std::ptrdiff_t>(i), open_.end(),
                                    [&](const Open& other) { return other.element == open.element; });
    if (static_cast<std::size_t>(same) <= most_of_a_kind) std::swap(open_[kept++], open_[i]);
  }
  while (open_.size() > kept) {
    count(open_.back(), -1);
    open_.pop_back();
  }
  refresh(position);
}

void OpenElements::prepare(const Element& element) {
  // In SVG and MathML an element of HTML ends them.
  if (look().foreign && element.is(Special | Formatting | Void) && !element.is(Code) && element.name != "a") {
    std::size_t position = open_.size();
    while (position > 0 && open_[position - 1].look.foreign) position--;
    pop_to(position, false);
  }
  for (std::size_t i = open_.size(); i-- > 0 && (open_groups_ & element.ends) != 0;) {
    const Element& open = *open_[i].element;
    if ((open.group & element.ends) != 0) pop_to(i, !open.is(TablePart));
    else if (shields(open, element, false)) return;
  }
}

void OpenElements::open(const Element& element, std::string_view name, const Style& style, const Look& look) {
  if (open_.size() >= most_open) {
    beyond_++;
    return;
  }
  open_.push_back({&element, kind_of(element, name), std::string{name}, style, look});
  count(open_.back(), 1);
}

bool OpenElements::close(const Element& element, std::string_view name) {
  if (element.is(Document)) return false;
  if (beyond_ > 0) {
    beyond_--;
    return true;
  }
  const std::size_t kind = kind_of(element, name);
  for (std::size_t i = open_.size(); i-- > 0 && kinds_[kind] > 0;) {
    const Open& open = open_[i];
    if (open.kind == kind && (!element.name.empty() || open.name == name)) {
      if (!element.is(Formatting)) {
        pop_to(i, !element.is(TablePart));
        return true;
      }
      count(open, -1);
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
      refresh(i);
      return true;
    }
    // The end tag of an inline element closes no block around it.
    if (!element.is(Special | Formatting) && open.element->is(Special)) return false;
    if (shields(*open.element, element, true)) return false;
  }
  return false;
}

}  // namespace sluice::text
