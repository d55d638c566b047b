// From the tables of a scan to a sparse vector: which words, header fields, links and forms a message has.
//
// The specification, which src/scanner/features/ obeys to the slot:
// - Four groups (`FeatureGroup`) with 2^bits slots each. A feature is a kind and one or two 32-bit hashes;
//   kind and hashes make its slot (hash.h). A message has a feature or has it not; how much one counts is in
//   the model.
// - The slots of a group stand in the order in which they first occur, each once, and no more than
//   `feature_limits`.
// - A message is scored for what it says. Parts inside a message/* part are carried, not said, and so is the
//   text of delivery reports and returned headers; they count when `carried` asks for it, or when a message
//   says nothing else.
//
// Promises: linear in the kept text; bounded memory; the tables may hold anything: what points outside is not
// there.
// Leaves out: what a feature weighs (model.h), the names of features (explanations are made in TypeScript).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "output.h"

namespace sluice {

enum class FeatureGroup : std::uint8_t { Body, Header, Url, Structure };
inline constexpr std::string_view feature_group_names[] = {"body", "header", "url", "structure"};
inline constexpr std::size_t feature_group_count = 4;

/// Features of one message that a group takes; what comes later is left out.
inline constexpr std::array<std::uint32_t, feature_group_count> feature_limits = {32'768, 4'096, 8'192,
                                                                                  2'048};

/// Raised when the same message would give other slots: a model knows for which it was trained.
inline constexpr std::uint32_t feature_version = 1;

struct FeatureOptions {
  /// Slots of a group as a power of two, 8 to 24.
  std::array<std::uint8_t, feature_group_count> bits = {20, 20, 20, 20};
  /// Words in which a pair is looked for, 2 to 8: 2 are neighbours, more are sparse bigrams, which know their
  /// distance.
  std::uint32_t window = 2;
  /// Whether what a message carries counts as what it says.
  bool carried = false;
};

/// Slots that a message has, of each group.
struct FeatureVector {
  std::array<std::span<const std::uint32_t>, feature_group_count> slots;
};

/// For one thread; keeps its memory from message to message (about 1.5 MB with 20 bits).
class FeatureExtractor {
 public:
  explicit FeatureExtractor(const FeatureOptions& options);
  ~FeatureExtractor();
  FeatureExtractor(FeatureExtractor&&) noexcept;
  FeatureExtractor& operator=(FeatureExtractor&&) noexcept;
  FeatureExtractor(const FeatureExtractor&) = delete;
  FeatureExtractor& operator=(const FeatureExtractor&) = delete;

  /// Valid until the next call.
  FeatureVector extract(const Output& output);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice
