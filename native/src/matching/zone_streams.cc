#include "matching/zone_streams.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "matching/pattern_database.h"
#include "matching/scratch.h"
#include "matching/zone_stream.h"

namespace sluice {
namespace {

class Streams final : public ZoneStreams {
 public:
  Streams(std::shared_ptr<const PatternDatabase> patterns, const Limits& limits, ScratchSpace* scratch)
      : patterns_(std::move(patterns)), match_limit_(limits.matches) {
    for (std::size_t at = 0; at < zone_count; ++at) {
      const Zone zone = static_cast<Zone>(at);
      if (!is_kept(zone) && (!patterns_ || !patterns_->of(zone))) continue;
      zones_[at].emplace(zone, is_kept(zone) ? limits.kept : 0, patterns_.get(), scratch, limits.matches);
    }
  }

  bool wants(Zone zone) const override { return of(zone).has_value(); }

  void write(Zone zone, std::uint32_t part, std::string_view piece) override {
    if (of(zone)) of(zone)->write(part, piece);
  }

  void end_record(Zone zone, std::uint32_t part) override {
    if (of(zone) && of(zone)->is_open(part)) of(zone)->end_record();
  }

  std::uint32_t position(Zone zone, std::uint32_t part) const override {
    if (!of(zone) || !of(zone)->is_open(part)) return 0;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(of(zone)->position(), none - 1));
  }

  void end(Zone zone, std::uint32_t part) override {
    if (of(zone) && of(zone)->is_open(part)) of(zone)->end_part();
  }

  bool text_was_cut() const override {
    return std::ranges::any_of(zones_, [](const auto& zone) { return zone && zone->was_cut(); });
  }

  bool matches_were_cut() const override { return matches_cut_; }

  void finish(Output& output) override {
    for (auto& zone : zones_) {
      if (zone) zone->end_part();
    }
    collect_texts(output);
    collect_matches(output.matches);
  }

  void reset() override {
    for (auto& zone : zones_) {
      if (zone) zone->reset();
    }
    matches_cut_ = false;
  }

 private:
  std::optional<ZoneStream>& of(Zone zone) { return zones_[static_cast<std::size_t>(zone)]; }
  const std::optional<ZoneStream>& of(Zone zone) const { return zones_[static_cast<std::size_t>(zone)]; }

  void collect_texts(Output& output) {
    output.texts.clear();
    std::uint32_t shift = 0;
    for (std::size_t at = 0; at < zone_count; ++at) {
      output.zones[at].clear();
      if (!zones_[at]) continue;
      for (TextRow row : zones_[at]->texts()) {
        row.kept_start += shift;
        row.kept_end += shift;
        output.texts.push_back(row);
      }
      output.zones[at].swap(zones_[at]->kept());
      shift += static_cast<std::uint32_t>(output.zones[at].size());
    }
    std::ranges::sort(output.texts, {}, [](const TextRow& row) { return std::tuple(row.part, row.zone, row.kept_start); });
  }

  void collect_matches(std::vector<MatchRow>& matches) {
    matches.clear();
    for (auto& zone : zones_) {
      if (!zone || zone->matches() == nullptr) continue;
      matches.insert(matches.end(), zone->matches()->rows().begin(), zone->matches()->rows().end());
      matches_cut_ = matches_cut_ || zone->matches()->were_cut();
    }
    std::ranges::sort(matches, {}, [](const MatchRow& row) {
      return std::tuple(row.part, row.zone, row.end, row.pattern, row.start);
    });
    cap(matches);
  }

  /// Each zone kept the limits for itself; here they are kept for all zones together, in the order of the rows.
  void cap(std::vector<MatchRow>& matches) {
    if (matches.size() > per_pattern) {
      std::vector<std::uint16_t> counts(patterns_->facts().size());
      std::erase_if(matches, [&](const MatchRow& row) { return counts[row.pattern]++ >= per_pattern; });
    }
    if (matches.size() <= match_limit_) return;
    matches.resize(match_limit_);
    matches_cut_ = true;
  }

  const std::shared_ptr<const PatternDatabase> patterns_;
  const std::uint32_t match_limit_;
  std::array<std::optional<ZoneStream>, zone_count> zones_;
  bool matches_cut_ = false;
};

}  // namespace

std::unique_ptr<ZoneStreams> make_zone_streams(std::shared_ptr<const PatternDatabase> patterns, const Limits& limits,
                                               ScratchSpace* scratch) {
  if (patterns && (scratch == nullptr || !scratch->fit(patterns))) return nullptr;
  return std::make_unique<Streams>(std::move(patterns), limits, scratch);
}

}  // namespace sluice
