// The links in the attributes of a tag.
//
// They are reported as they stand there, entities undone and without the tabs and line ends that browsers drop, in the order
// of `Attribute`. `<base>` is one of them, so that who resolves relative links finds it. Of a `data:` URL what is before its
// data; of `mailto:` the addresses. Leaves out `cid:`, which is a part of the message, and fragments, which are here.
#pragma once
#include <string>
#include <string_view>

#include "text/links.h"
#include "text/tag.h"

namespace sluice::text {

class MarkupLinks {
 public:
  explicit MarkupLinks(Links& links) : links_(links) {}
  /// Whether the tag may have a link.
  static bool may_have(const Tag& tag);
  void report(const Tag& tag);
  /// The link as it is reported, valid until the next call, and as long as `value`.
  std::string_view cleaned(std::string_view value);

 private:
  void url(std::string_view value);
  void mailto(std::string_view value);
  void candidates(std::string_view value);
  void in_style(std::string_view value);
  void refresh(std::string_view value);

  Links& links_;
  std::string url_;
  std::string address_;
};

}  // namespace sluice::text
