// What a link looks like that stands in a text.
//
// A URL begins with a scheme and `//` (or the backslashes that browsers take for it), or with `www.`, or it is a domain right
// before a slash; it ends at white space, at `<`, `>`, `"` or at a punctuation mark beyond ASCII. An e-mail address has a
// domain of two labels or more. Punctuation at the end belongs to the sentence, and so does a bracket that was opened before.
// Leaves out: domains that nothing follows. Without a list of top level domains `end.Start` is one; `www.` or a path tell.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "layout.h"

namespace sluice::text {

/// Octets that can be needed behind or before a trigger to know a link other than by its end.
inline constexpr std::size_t link_reach = 256;

struct FoundLink {
  Zone zone;
  std::size_t start;
  std::size_t end;
  /// It goes on to the end of the text: there may be more of it.
  bool open;
};

/// Every link has one of these, where it is recognised: `:` `@` `/` and the dot of `www.`
constexpr bool is_trigger(char c) { return c == ':' || c == '@' || c == '/' || c == '.'; }

/// The link whose trigger stands at `at`, if there is one that begins at `floor` or behind.
std::optional<FoundLink> recognise_link(std::string_view text, std::size_t floor, std::size_t at);

/// Without punctuation at its end; never shorter than `least`.
std::size_t trim_link(std::string_view text, std::size_t start, std::size_t least, std::size_t end);

}  // namespace sluice::text
