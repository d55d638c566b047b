#include <algorithm>
#include <array>

#include "model/groups.h"

namespace sluice {

namespace {

constexpr std::size_t widest_window = 8;

class BodyWords final : public WordSink {
 public:
  BodyWords(std::uint32_t window, Collector& collector)
      : reach_(std::clamp<std::size_t>(window, 2, widest_window) - 1), collector_(collector) {}

  void word(std::uint32_t hash, bool joins) override {
    if (!joins) known_ = 0;
    collector_.add(FeatureGroup::Body, Kind::Word, hash);
    // The nearest first.
    for (std::size_t distance = 1; distance <= known_; ++distance)
      collector_.add(FeatureGroup::Body,
                     static_cast<std::uint32_t>(Kind::Pair) + static_cast<std::uint32_t>(distance) - 1,
                     last_[(next_ - distance) % widest_window], hash);
    last_[next_++ % widest_window] = hash;
    known_ = std::min(known_ + 1, reach_);
  }

 private:
  std::size_t reach_;
  Collector& collector_;
  std::array<std::uint32_t, widest_window> last_{};
  std::size_t next_ = widest_window;
  std::size_t known_ = 0;
};

}  // namespace

TextTally add_body(const MessageView& view, const FeatureOptions& options, Collector& collector) {
  BodyWords words(options.window, collector);
  WordReader reader(words);
  const auto count = static_cast<std::uint32_t>(view.output().parts.size());
  for (std::uint32_t part = 0; part < count; ++part)
    if (view.says(part)) reader.read(view.text(part, Zone::Text));
  return reader.tally();
}

}  // namespace sluice
