#include "matching/scratch.h"

#include <hs.h>

namespace sluice {

void ScratchSpace::Free::operator()(hs_scratch* scratch) const { hs_free_scratch(scratch); }

bool ScratchSpace::fit(const std::shared_ptr<const PatternDatabase>& database) {
  if (last_.lock() == database) return true;
  for (const PatternDatabase::Part& part : database->parts()) {
    hs_scratch* scratch = scratch_.release();
    const hs_error_t error = hs_alloc_scratch(part.handle.get(), &scratch);
    scratch_.reset(scratch);
    if (error != HS_SUCCESS) return false;
  }
  last_ = database;
  return true;
}

std::size_t ScratchSpace::size() const {
  std::size_t size = 0;
  return scratch_ && hs_scratch_size(scratch_.get(), &size) == HS_SUCCESS ? size : 0;
}

}  // namespace sluice
