// What HTML is cut into, and who takes it.
#pragma once
#include <cstdint>
#include <string_view>

#include "text/tag.h"

namespace sluice::text {

/// What follows a start tag.
enum class Content : std::uint8_t {
  Markup,
  Raw,        // text up to the end tag of that name
  Escapable,  // the same, with character references
  Plain,      // text up to the end
};

class HtmlTokens {
 public:
  virtual ~HtmlTokens() = default;
  virtual void text(std::string_view piece) = 0;
  virtual Content tag(const Tag& tag) = 0;
  /// A tag that the end of the text cut off. Browsers forget it.
  virtual void unfinished_tag(const Tag& tag) = 0;
  virtual void comment(std::string_view piece) = 0;
  virtual void comment_end() = 0;
  /// A letter or digit that was written as a number.
  virtual void obscured_character() = 0;
  /// Whether `<![CDATA[` is one: in SVG and MathML.
  virtual bool in_foreign_content() const = 0;
};

}  // namespace sluice::text
