#include "text/element.h"

#include <array>
#include <iterator>

namespace sluice::text {

namespace {

constexpr std::uint32_t block = Block | Special;
constexpr std::uint32_t cell = Cell | Special | TablePart | Scope;
constexpr std::uint32_t row = Block | Special | TablePart;
constexpr std::uint32_t object = Special | Scope;
constexpr std::uint32_t raw = Unseen | Special;
constexpr std::uint32_t row_ends = TableCell | Row;
constexpr std::uint32_t row_group_ends = TableCell | Row | RowGroup;

constexpr Element elements[] = {
    {"a", Formatting, Anchor, Anchor},
    {"address", block, 0, Paragraph},
    {"applet", object},
    {"area", Void},
    {"article", block, 0, Paragraph},
    {"aside", block, 0, Paragraph},
    {"b", Formatting},
    {"base", Void},
    {"basefont", Void},
    {"bgsound", Void},
    {"big", Formatting},
    {"blockquote", block, 0, Paragraph},
    {"body", block | Document},
    {"br", Void},
    {"button", object, Button, Button},
    {"caption", row | Scope, TableCell, Paragraph},
    {"center", block, 0, Paragraph},
    {"code", Formatting},
    {"col", Void},
    {"dd", block, Definition, Definition | Paragraph},
    {"details", block, 0, Paragraph},
    {"dialog", block, 0, Paragraph},
    {"dir", block, List, Paragraph},
    {"div", block, 0, Paragraph},
    {"dl", block, DefinitionList, Paragraph},
    {"dt", block, Definition, Definition | Paragraph},
    {"em", Formatting},
    {"embed", Void},
    {"fieldset", block, 0, Paragraph},
    {"figcaption", block, 0, Paragraph},
    {"figure", block, 0, Paragraph},
    {"font", Formatting},
    {"footer", block, 0, Paragraph},
    {"form", block, 0, Paragraph},
    {"frame", Void},
    {"h1", block, 0, Paragraph},
    {"h2", block, 0, Paragraph},
    {"h3", block, 0, Paragraph},
    {"h4", block, 0, Paragraph},
    {"h5", block, 0, Paragraph},
    {"h6", block, 0, Paragraph},
    {"header", block, 0, Paragraph},
    {"hgroup", block, 0, Paragraph},
    {"hr", Void | Block, 0, Paragraph},
    {"html", block | Document | Scope},
    {"i", Formatting},
    {"iframe", raw, 0, 0, Content::Raw},
    {"img", Void},
    {"input", Void},
    {"keygen", Void},
    {"legend", block},
    {"li", block, Item, Item | Paragraph},
    {"link", Void},
    {"listing", block, 0, Paragraph},
    {"main", block, 0, Paragraph},
    {"marquee", object},
    {"math", Foreign},
    {"menu", block, List, Paragraph},
    {"meta", Void},
    {"nav", block, 0, Paragraph},
    {"nobr", Formatting, Unbroken, Unbroken},
    {"noembed", raw, 0, 0, Content::Raw},
    {"noframes", raw, 0, 0, Content::Raw},
    {"object", object},
    {"ol", block, List, Paragraph},
    {"optgroup", block, 0, Choosable},
    {"option", block, Choosable, Choosable},
    {"p", block, Paragraph, Paragraph},
    {"param", Void},
    {"plaintext", block, 0, Paragraph, Content::Plain},
    {"pre", block, 0, Paragraph},
    {"s", Formatting},
    {"script", Special | Code, 0, 0, Content::Raw},
    {"search", block, 0, Paragraph},
    {"section", block, 0, Paragraph},
    {"select", block},
    {"small", Formatting},
    {"source", Void},
    {"strike", Formatting},
    {"strong", Formatting},
    {"style", Special | Code, 0, 0, Content::Raw},
    {"summary", block, 0, Paragraph},
    {"svg", Foreign},
    {"table", block | Scope | TablePart | Table, 0, Paragraph},
    {"tbody", row, RowGroup, row_group_ends},
    {"td", cell, TableCell, TableCell},
    {"template", raw | Scope | Table},
    {"textarea", block, 0, 0, Content::Escapable},
    {"tfoot", row, RowGroup, row_group_ends},
    {"th", cell, TableCell, TableCell},
    {"thead", row, RowGroup, row_group_ends},
    {"title", raw | Block, 0, 0, Content::Escapable},
    {"tr", row, Row, row_ends},
    {"track", Void},
    {"tt", Formatting},
    {"u", Formatting},
    {"ul", block, List, Paragraph},
    {"wbr", Void},
    {"xmp", block, 0, Paragraph, Content::Raw},
};
constexpr Element unknown{"", 0};

/// Where the elements of each letter begin.
constexpr auto begins = [] {
  std::array<std::size_t, 27> result{};
  for (const Element& element : elements)
    for (std::size_t letter = static_cast<std::size_t>(element.name[0] - 'a') + 1; letter < result.size(); letter++)
      result[letter]++;
  return result;
}();

constexpr bool is_heading(std::string_view name) {
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
}

}  // namespace

const Element& element_named(std::string_view name) {
  if (name.empty() || name[0] < 'a' || name[0] > 'z') return unknown;
  const auto letter = static_cast<std::size_t>(name[0] - 'a');
  for (std::size_t i = begins[letter]; i < begins[letter + 1]; i++)
    if (elements[i].name == name) return elements[i];
  return unknown;
}

std::size_t kind_of(const Element& element, std::string_view name) {
  constexpr std::size_t known = std::size(elements);
  static_assert(known < kind_count / 2);
  // The end tag of one heading closes another one.
  if (is_heading(name)) return known;
  if (!element.name.empty()) return static_cast<std::size_t>(&element - elements);
  std::size_t hash = 0;
  for (const char c : name) hash = (hash * 31 + static_cast<unsigned char>(c)) % (kind_count / 2);
  return kind_count / 2 + hash;
}

bool shields(const Element& open, const Element& tag, bool is_end_tag) {
  if (tag.is(TablePart) && (is_end_tag || !tag.is(Table))) return open.is(Table);
  if (open.is(Scope)) return true;
  if ((tag.group & Item) != 0) return (open.group & List) != 0;
  return (tag.group & Definition) != 0 && (open.group & DefinitionList) != 0;
}

}  // namespace sluice::text
