// Gathers the features of one message: each slot once, in the order of the first, up to the limits.
//
// Promises: no allocation once its memory has grown; clearing costs what was collected.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/features.h"
#include "model/hash.h"
#include "model/kinds.h"

namespace sluice {

class Collector {
 public:
  explicit Collector(const FeatureOptions& options) {
    for (std::size_t group = 0; group < feature_group_count; ++group) {
      groups_[group].shift = 32U - options.bits[group];
      groups_[group].seen.resize((std::size_t{1} << options.bits[group]) / 64);
      groups_[group].slots.resize(feature_limits[group]);
    }
  }

  void add(FeatureGroup group, std::uint32_t kind, std::uint32_t first, std::uint32_t second = 0) {
    Group& own = groups_[static_cast<std::size_t>(group)];
    if (own.count == own.slots.size()) return;
    const std::uint32_t slot = join_hashes(kind, first, second) >> own.shift;
    std::uint64_t& word = own.seen[slot / 64];
    const std::uint64_t before = word;
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    // Without a branch on whether it is new, which no processor could foretell.
    word = before | bit;
    own.slots[own.count] = slot;
    own.count += (before & bit) == 0 ? 1 : 0;
  }
  void add(FeatureGroup group, Kind kind, std::uint32_t first, std::uint32_t second = 0) {
    add(group, static_cast<std::uint32_t>(kind), first, second);
  }

  void clear() {
    for (Group& group : groups_) {
      for (std::size_t index = 0; index < group.count; ++index) group.seen[group.slots[index] / 64] = 0;
      group.count = 0;
    }
  }

  /// Valid until something is added.
  FeatureVector vector() const {
    FeatureVector vector;
    for (std::size_t group = 0; group < feature_group_count; ++group)
      vector.slots[group] = std::span(groups_[group].slots).first(groups_[group].count);
    return vector;
  }

 private:
  struct Group {
    std::uint32_t shift = 0;
    std::size_t count = 0;
    /// A bit a slot.
    std::vector<std::uint64_t> seen;
    std::vector<std::uint32_t> slots;
  };
  std::array<Group, feature_group_count> groups_;
};

}  // namespace sluice
