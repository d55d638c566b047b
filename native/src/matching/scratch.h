// The working memory of Hyperscan: one for each thread that scans, large enough for every database that it uses.
//
// Promises: grows when a larger database comes; used by one scan at a time.
#pragma once
#include <cstddef>
#include <memory>

#include "matching/pattern_database.h"

struct hs_scratch;

namespace sluice {

class ScratchSpace {
 public:
  /// Large enough for all of `database`. False when there is no memory. Hyperscan reads the whole database for its checksum
  /// there, so that the last one is remembered: another scanner over it costs nothing.
  bool fit(const std::shared_ptr<const PatternDatabase>& database);
  /// Null until something fitted.
  hs_scratch* get() const { return scratch_.get(); }
  std::size_t size() const;

 private:
  struct Free {
    void operator()(hs_scratch* scratch) const;
  };
  std::unique_ptr<hs_scratch, Free> scratch_;
  std::weak_ptr<const PatternDatabase> last_;
};

}  // namespace sluice
