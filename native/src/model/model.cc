#include "model/model.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "model/model_file.h"

namespace sluice {

namespace {

struct Float32 {
  using Stored = float;
  static double weight(float stored, double) { return stored; }
  static double scale(float stored, double) { return stored; }
};

struct Float16 {
  using Stored = std::uint16_t;
  static double weight(std::uint16_t stored, double) {
    // Exponent and mantissa move to their places in a float32, whose exponent has another zero.
    const float magnitude = std::bit_cast<float>((stored & 0x7fffU) << 13) * 0x1p112F;
    return (stored & 0x8000U) != 0 ? -magnitude : magnitude;
  }
  static double scale(std::uint16_t stored, double step) { return weight(stored, step); }
};

struct Int8 {
  using Stored = std::uint8_t;
  static double weight(std::uint8_t stored, double step) { return static_cast<std::int8_t>(stored) * step; }
  static double scale(std::uint8_t stored, double step) { return stored * step; }
};

struct Sums {
  double weighted = 0;
  double squares = 0;
};

/// Both numbers of a slot lie beside each other: one place in memory to wait for.
template <typename Number, bool scales>
class Group {
 public:
  Group(const ModelContent& content, std::size_t group)
      : start_(content.table.octets().data() + content.header.starts[group]),
        weight_step_(content.header.weight_step[group]),
        scale_step_(content.header.scale_step[group]) {}

  double weight(std::uint32_t slot) const { return Number::weight(stored(slot, 0), weight_step_); }
  double scale(std::uint32_t slot) const {
    if constexpr (scales) return Number::scale(stored(slot, 1), scale_step_);
    return 1;
  }
  Sums sum(std::span<const std::uint32_t> slots) const {
    Sums sums;
    for (const std::uint32_t slot : slots) {
      const double own_scale = scale(slot);
      sums.weighted += weight(slot) * own_scale;
      sums.squares += own_scale * own_scale;
    }
    return sums;
  }

 private:
  using Stored = typename Number::Stored;
  static constexpr std::size_t width = scales ? 2 : 1;

  Stored stored(std::uint32_t slot, std::size_t column) const {
    Stored number;
    std::memcpy(&number, start_ + (slot * width + column) * sizeof number, sizeof number);
    return number;
  }

  const std::uint8_t* start_;
  double weight_step_;
  double scale_step_;
};

template <typename Number, bool scales>
class LinearModel final : public Model {
 public:
  explicit LinearModel(ModelContent content) : content_(std::move(content)) {}

  const ModelFacts& facts() const override { return content_.header.facts; }
  std::size_t size() const override { return content_.table.octets().size(); }

  Score score(const FeatureVector& vector) const override {
    Score score;
    score.margin = facts().bias;
    for (std::size_t group = 0; group < feature_group_count; ++group) {
      const Sums sums = Group<Number, scales>(content_, group).sum(vector.slots[group]);
      score.groups[group] = sums.squares > 0 ? sums.weighted / std::sqrt(sums.squares) : 0;
      score.margin += score.groups[group];
    }
    score.probability =
        1 / (1 + std::exp(-(facts().calibration_slope * score.margin + facts().calibration_offset)));
    return score;
  }

  void look_up(FeatureGroup group, std::span<const std::uint32_t> slots, std::span<double> weights,
               std::span<double> scales_out) const override {
    const Group<Number, scales> table(content_, static_cast<std::size_t>(group));
    const std::uint32_t mask =
        (std::uint32_t{1} << facts().options.bits[static_cast<std::size_t>(group)]) - 1;
    for (std::size_t index = 0; index < slots.size(); ++index) {
      weights[index] = table.weight(slots[index] & mask);
      scales_out[index] = table.scale(slots[index] & mask);
    }
  }

 private:
  ModelContent content_;
};

template <typename Number>
std::shared_ptr<const Model> make(ModelContent content) {
  if (content.header.scales) return std::make_shared<LinearModel<Number, true>>(std::move(content));
  return std::make_shared<LinearModel<Number, false>>(std::move(content));
}

std::shared_ptr<const Model> make_model(ModelContent content) {
  switch (content.header.numbers) {
    case NumberFormat::Float16:
      return make<Float16>(std::move(content));
    case NumberFormat::Int8:
      return make<Int8>(std::move(content));
    default:
      return make<Float32>(std::move(content));
  }
}

}  // namespace

ModelOpening open_model(const std::string& path) {
  auto read = read_model_file(path);
  if (auto* refusal = std::get_if<std::string>(&read)) return {nullptr, std::move(*refusal)};
  return {make_model(std::move(std::get<ModelContent>(read))), {}};
}

}  // namespace sluice
