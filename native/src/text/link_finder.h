// Finds links in a stream of text.
//
// Promises: linear; memory bounded by the limit of a link; the same links however the text is cut. Between links, octets that
// can be none are passed over 16 or 32 at a time.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "text/links.h"

namespace sluice::text {

class LinkFinder {
 public:
  /// Prose is what people read; code is comments, scripts and styles: there brackets and single quotes end a link.
  enum class Kind : std::uint8_t { Prose, Code };

  LinkFinder(Links& links, Kind kind);
  void write(std::string_view piece);
  /// No link goes across this point.
  void end_record();

 private:
  bool ends(char c) const { return delimiters_[static_cast<unsigned char>(c)]; }
  const char* find_delimiter(const char* at, const char* end) const;
  const char* resume(const char* at, const char* end);
  void hold(const char* at, const char* end);
  void analyse(std::string_view text, bool complete, std::size_t& keep);

  Links& links_;
  const LinkOrigin origin_;
  const std::array<bool, 256>& delimiters_;
  const std::size_t window_;
  /// The beginning of a run without delimiters, whose end is not here yet.
  std::string held_;
  /// Triggers before this place in `held_` are done.
  std::size_t done_ = 0;
  /// A link was cut; the rest of its run is passed over.
  bool skipping_ = false;
};

}  // namespace sluice::text
