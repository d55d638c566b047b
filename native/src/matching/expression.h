// What Hyperscan is given for a pattern.
//
// Promises: a literal becomes a few plain strings, which is what the search is fastest with: all its spellings, or, where
// letters beyond ASCII have two cases and there are many, the spellings of its last characters; what cannot be looked for at
// all is refused here, with a reason.
#pragma once
#include <string>
#include <vector>

#include "matching/pattern.h"
#include "matching/pattern_database.h"

namespace sluice {

struct Expression {
  std::string source;
  /// HS_FLAG_…
  unsigned flags = 0;
};

struct Translation {
  /// All of them are the pattern.
  std::vector<Expression> expressions;
  /// Without `zones` and `slot`.
  PatternFacts facts;
  /// Case classes for `head` of the facts, the last character first.
  std::vector<std::uint32_t> head = {};
  /// Why there are none.
  std::string refusal;
};

/// `octets`: the zones are octets and not UTF-8. Then `unicode` counts for nothing. `prefilter`: the expression may match more.
Translation translate(const Pattern& pattern, bool octets, bool prefilter);

}  // namespace sluice
