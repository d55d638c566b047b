#include "matching/pattern_database.h"

#include <hs.h>

#include <algorithm>

namespace sluice {
namespace {

/// Octets of one character in UTF-8, at most.
constexpr std::size_t widest = 4;

}  // namespace

void PatternDatabase::Free::operator()(hs_database* database) const { hs_free_database(database); }

PatternDatabase::PatternDatabase(std::vector<Part> parts, std::vector<PatternFacts> facts, std::vector<Verdict> verdicts,
                                 std::vector<std::uint32_t> heads)
    : parts_(std::move(parts)), facts_(std::move(facts)), verdicts_(std::move(verdicts)), heads_(std::move(heads)) {
  for (const Part& part : parts_) {
    size_ += part.size;
    for (std::size_t zone = 0; zone < zone_count; ++zone) {
      if (contains(part.zones, static_cast<Zone>(zone))) zones_[zone] = part.handle.get();
    }
  }
  size_ += facts_.size() * sizeof(PatternFacts) + heads_.size() * sizeof(std::uint32_t);
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    const PatternFacts& pattern = facts_[at];
    if (pattern.line_feed != 0 && verdicts_[at].handling != Handling::Refused) lines_ &= static_cast<ZoneSet>(~pattern.zones);
    reach_ = std::max({reach_, std::size_t{pattern.octets}, pattern.points * widest});
    slots_ = std::max(slots_, std::size_t{pattern.slot});
  }
  reach_ += widest;
}

}  // namespace sluice
