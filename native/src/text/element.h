// The elements of HTML: what each means for text and for the elements around it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/html_tokens.h"

namespace sluice::text {

/// What an element is; several at once.
enum Trait : std::uint32_t {
  Void = 1u << 0,        // has no content
  Block = 1u << 1,       // stands in lines of its own
  Cell = 1u << 2,        // stands beside others of its kind
  Unseen = 1u << 3,      // its content is not shown
  Scope = 1u << 4,       // tags inside close nothing outside
  Special = 1u << 5,     // end tags of inline elements inside close nothing outside
  Formatting = 1u << 6,  // lasts until its own end tag, whatever ends around it
  TablePart = 1u << 7,   // closes whatever is open inside, and looks for it up to the table
  Table = 1u << 8,       // where that search ends
  Foreign = 1u << 9,     // SVG and MathML: other rules inside
  Code = 1u << 10,       // its content is no text
  Document = 1u << 11,   // lasts to the end, whatever its end tag
};

/// Elements that a start tag may end, although they have no end tag.
enum Group : std::uint32_t {
  Paragraph = 1u << 0,
  Item = 1u << 1,
  Definition = 1u << 2,
  Anchor = 1u << 3,
  Choosable = 1u << 4,
  Unbroken = 1u << 5,
  Button = 1u << 6,
  TableCell = 1u << 7,
  Row = 1u << 8,
  RowGroup = 1u << 9,
  // Not ended by others, but they keep the search for an item or a definition inside.
  List = 1u << 10,
  DefinitionList = 1u << 11,
};

struct Element {
  std::string_view name;
  std::uint32_t traits;
  /// What it is one of, and what its start tag ends.
  std::uint32_t group = 0;
  std::uint32_t ends = 0;
  Content content = Content::Markup;

  bool is(std::uint32_t any) const { return (traits & any) != 0; }
};

/// The element of that name, in lower case; a plain inline element without a name when it is not known.
const Element& element_named(std::string_view name);
/// A number for elements that one end tag closes; names that are not known may share one.
inline constexpr std::size_t kind_count = 256;
std::size_t kind_of(const Element& element, std::string_view name);
/// Whether the search for what a start or end tag closes does not go beyond this open element.
bool shields(const Element& open, const Element& tag, bool is_end_tag);

}  // namespace sluice::text
