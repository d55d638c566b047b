#include "model/features.h"

#include "model/collector.h"
#include "model/groups.h"
#include "model/view.h"

namespace sluice {

struct FeatureExtractor::State {
  explicit State(const FeatureOptions& given) : options(given), collector(given) {}
  FeatureOptions options;
  MessageView view;
  Collector collector;
};

FeatureExtractor::FeatureExtractor(const FeatureOptions& options)
    : state_(std::make_unique<State>(options)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;
FeatureExtractor& FeatureExtractor::operator=(FeatureExtractor&&) noexcept = default;

FeatureVector FeatureExtractor::extract(const Output& output) {
  auto& [options, view, collector] = *state_;
  collector.clear();
  view.look_at(output, options.carried);
  const TextTally tally = add_body(view, options, collector);
  add_header(view, collector);
  add_urls(view, collector);
  add_structure(view, tally, collector);
  return collector.vector();
}

}  // namespace sluice
