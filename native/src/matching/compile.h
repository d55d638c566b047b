// Patterns to the image of a database: the slow half, for a process that may be killed.
//
// Promises: a pattern that the compiler refuses costs that pattern only; the image is what `load_patterns` takes, on a
// machine with the same library and at least the same processor features.
// Leaves out: limits of time and memory. One expression can take half a minute; whoever calls this can end the process.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "matching/pattern.h"

namespace sluice {

struct Compilation {
  /// Empty when `refusal` is not.
  std::string image;
  /// One for each pattern, in their order.
  std::vector<Verdict> verdicts;
  /// Why there is no image at all; empty when there is one.
  std::string refusal;
};

Compilation compile_patterns(const std::vector<Pattern>& patterns);

/// What the compiler says of one expression without compiling it; quick.
struct ExpressionInfo {
  Verdict verdict;
  std::uint32_t min_width = 0;
  /// `none`: there is no longest match.
  std::uint32_t max_width = 0;
  bool only_at_end = false;
};

ExpressionInfo inspect_pattern(const Pattern& pattern);

}  // namespace sluice
