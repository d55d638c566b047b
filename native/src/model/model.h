// A linear model over the features of a message: a table of weights in memory that no thread changes.
//
// The file (little-endian; src/scanner/features/model-file.ts writes and explains it) is checked as a whole
// when it is opened, then held in memory of its own: one copy for all threads, on huge pages where the
// machine gives them. It is deliberately no mapping of the file: who copies a new model over the old one
// would end the process (SIGBUS).
//
// Promises: a file that is torn, foreign or of another version is refused with a sentence; scoring touches
// nothing else than the table, allocates nothing, and gives what the TypeScript reader gives.
// Leaves out: training, explanations, sharing between environments (the border holds the shared_ptr).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "model/features.h"

namespace sluice {

struct Score {
  /// Above 0: spam. Sum of the groups and the bias.
  double margin = 0;
  /// The margin calibrated: 0 to 1.
  double probability = 0;
  std::array<double, feature_group_count> groups{};
};

struct ModelFacts {
  FeatureOptions options;
  std::string name;
  double bias = 0;
  /// probability = 1 / (1 + exp(-(slope · margin + offset)))
  double calibration_slope = 1;
  double calibration_offset = 0;
  /// SHA-256 of what it was trained on, as the trainer defines it.
  std::array<std::uint8_t, 32> training{};
  std::uint32_t ham = 0;
  std::uint32_t spam = 0;
};

class Model;

struct ModelOpening {
  /// Empty when the file was refused.
  std::shared_ptr<const Model> model;
  /// Why, as a sentence without the path.
  std::string refusal;
};

/// Immutable; any number of threads at a time.
class Model {
 public:
  virtual ~Model() = default;
  virtual const ModelFacts& facts() const = 0;
  virtual Score score(const FeatureVector& vector) const = 0;
  /// What each slot of a group weighs, and its scale: for explanations. `weights` and `scales` are as long as
  /// `slots`.
  virtual void look_up(FeatureGroup group, std::span<const std::uint32_t> slots, std::span<double> weights,
                       std::span<double> scales) const = 0;
  /// Octets of the table.
  virtual std::size_t size() const = 0;
};

/// Reads the whole file; some 10 ms for 16 MB.
ModelOpening open_model(const std::string& path);

/// An extractor and the model that it extracts for: what an environment keeps beside its scanner.
class Scorer {
 public:
  explicit Scorer(std::shared_ptr<const Model> model)
      : model_(std::move(model)), extractor_(model_->facts().options) {}
  const std::shared_ptr<const Model>& model() const { return model_; }
  Score score(const Output& output) { return model_->score(features_ = extractor_.extract(output)); }
  /// Of the message that was scored last; valid until the next one.
  const FeatureVector& features() const { return features_; }

 private:
  std::shared_ptr<const Model> model_;
  FeatureExtractor extractor_;
  FeatureVector features_;
};

}  // namespace sluice
