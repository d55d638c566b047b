// Gathers the features of one message: each slot once, in the order of the first, up to the limits.
//
// Promises: no allocation once its memory has grown; clearing costs what was collected.
#pragma once
#include <cstdint>
#include <vector>

#include "model/features.h"
#include "model/hash.h"
#include "model/kinds.h"

namespace sluice {

class Collector {
 public:
  explicit Collector(const FeatureOptions& options) {
    for (std::size_t group = 0; group < feature_group_count; ++group) {
      const auto bits = options.bits[group];
      shift_[group] = 32U - bits;
      seen_[group].resize((std::size_t{1} << bits) / 64);
    }
  }

  void add(FeatureGroup group, std::uint32_t kind, std::uint32_t first, std::uint32_t second = 0) {
    const auto index = static_cast<std::size_t>(group);
    std::vector<std::uint32_t>& slots = vector_.slots[index];
    const std::uint32_t slot = join_hashes(kind, first, second) >> shift_[index];
    std::uint64_t& word = seen_[index][slot / 64];
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    if ((word & bit) != 0 || slots.size() == feature_limits[index]) return;
    word |= bit;
    slots.push_back(slot);
  }
  void add(FeatureGroup group, Kind kind, std::uint32_t first, std::uint32_t second = 0) {
    add(group, static_cast<std::uint32_t>(kind), first, second);
  }

  void clear() {
    for (std::size_t group = 0; group < feature_group_count; ++group) {
      for (const std::uint32_t slot : vector_.slots[group]) seen_[group][slot / 64] = 0;
      vector_.slots[group].clear();
    }
  }

  const FeatureVector& vector() const { return vector_; }

 private:
  FeatureVector vector_;
  std::array<std::uint32_t, feature_group_count> shift_{};
  std::array<std::vector<std::uint64_t>, feature_group_count> seen_;
};

}  // namespace sluice
