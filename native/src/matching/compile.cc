#include "matching/compile.h"

#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "matching/expression.h"
#include "matching/image.h"
#include "matching/platform.h"

namespace sluice {
namespace {

/// Their octets are whatever somebody sent; all other zones are UTF-8.
constexpr ZoneSet octet_zones = only(Zone::Attachment) | only(Zone::Wire);

constexpr const char* no_platform = "the processor lacks what Hyperscan needs (SSSE3)";

struct Failure {
  std::string message;
  /// Which of the expressions; -1: all of them together.
  int expression = -1;
};

Failure failure_of(hs_compile_error_t* error) {
  if (error == nullptr) return {.message = "there is not enough memory", .expression = -1};
  Failure failure{.message = error->message, .expression = error->expression};
  hs_free_compile_error(error);
  return failure;
}

/// Zones that look for the same patterns in the same manner.
struct Group {
  ZoneSet zones = 0;
  bool octets = false;
  std::vector<std::uint32_t> patterns;
  std::optional<ImagePart> part;
};

class Compiler {
 public:
  explicit Compiler(const std::vector<Pattern>& patterns) : patterns_(patterns), verdicts_(patterns.size()), facts_(patterns.size()) {}

  Compilation compile() {
    if (!is_supported_platform()) return refuse(no_platform);
    number_slots();
    for (std::uint32_t pattern = 0; pattern < patterns_.size(); ++pattern) inspect(pattern);
    make_groups();
    // A pattern that is refused late changes every group it is in, those that are compiled already too.
    while (Group* group = next()) {
      const std::optional<std::string> refusal = compile_group(*group);
      if (refusal) return refuse(*refusal);
    }
    return finish();
  }

 private:
  Compilation refuse(std::string refusal) {
    return {.image = {}, .verdicts = std::move(verdicts_), .refusal = std::move(refusal)};
  }

  bool is_refused(std::uint32_t pattern) const { return verdicts_[pattern].handling == Handling::Refused; }

  void number_slots() {
    std::uint16_t slot = 0;
    for (std::size_t at = 0; at < patterns_.size(); ++at) {
      if (patterns_[at].kind != PatternKind::Regex || !patterns_[at].every) continue;
      if (slot < UINT16_MAX) facts_[at].slot = ++slot;
      else verdicts_[at] = {.handling = Handling::Refused, .reason = "too many patterns are reported at every occurrence"};
    }
  }

  /// Decides what can be decided without compiling.
  void inspect(std::uint32_t pattern) {
    facts_[pattern].zones = patterns_[pattern].zones;
    for (const bool octets : {false, true}) {
      const ZoneSet zones = patterns_[pattern].zones & static_cast<ZoneSet>(octets ? octet_zones : ~octet_zones);
      while (zones != 0 && !is_refused(pattern)) {
        const std::string problem = problem_of(pattern, octets);
        if (problem.empty()) break;
        degrade(pattern, problem);
      }
    }
  }

  Translation translation_of(std::uint32_t pattern, bool octets) const {
    return translate(patterns_[pattern], octets, verdicts_[pattern].handling == Handling::Prefilter);
  }

  std::string problem_of(std::uint32_t pattern, bool octets) {
    const Translation translation = translation_of(pattern, octets);
    if (!translation.refusal.empty()) return translation.refusal;
    if (patterns_[pattern].kind == PatternKind::Literal) return {};
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    const Expression& expression = translation.expressions.front();
    const hs_error_t result = hs_expression_info(expression.source.c_str(), expression.flags, &info, &error);
    std::free(info);
    return result == HS_SUCCESS ? std::string() : failure_of(error).message;
  }

  /// Direct, then as a prefilter, then not at all. The first reason is the one that tells.
  void degrade(std::uint32_t pattern, std::string reason) {
    Verdict& verdict = verdicts_[pattern];
    const bool can_prefilter = patterns_[pattern].kind == PatternKind::Regex && verdict.handling == Handling::Direct;
    if (verdict.reason.empty()) verdict.reason = std::move(reason);
    verdict.handling = can_prefilter ? Handling::Prefilter : Handling::Refused;
    for (Group& group : groups_) {
      if (std::ranges::binary_search(group.patterns, pattern)) group.part.reset();
    }
  }

  void make_groups() {
    for (std::size_t at = 0; at < zone_count; ++at) {
      Group group{.zones = only(static_cast<Zone>(at)), .octets = (only(static_cast<Zone>(at)) & octet_zones) != 0, .patterns = {}, .part = {}};
      bool differs = false;
      for (std::uint32_t pattern = 0; pattern < patterns_.size(); ++pattern) {
        if (!contains(patterns_[pattern].zones, static_cast<Zone>(at))) continue;
        group.patterns.push_back(pattern);
        differs = differs || (patterns_[pattern].kind == PatternKind::Regex && patterns_[pattern].unicode);
      }
      if (group.patterns.empty()) continue;
      const auto same = std::ranges::find_if(groups_, [&](const Group& other) {
        return other.patterns == group.patterns && (!differs || other.octets == group.octets);
      });
      if (same == groups_.end()) groups_.push_back(std::move(group));
      else same->zones = static_cast<ZoneSet>(same->zones | group.zones);
    }
  }

  Group* next() {
    const auto group = std::ranges::find_if(groups_, [](const Group& one) { return !one.part; });
    return group == groups_.end() ? nullptr : &*group;
  }

  /// Compiles the group, or degrades the pattern that stands in the way; a refusal when none does.
  std::optional<std::string> compile_group(Group& group) {
    std::vector<Translation> translations;
    std::vector<const char*> sources;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    std::uint32_t count = 0;
    bool starts = false;
    translations.reserve(group.patterns.size());
    for (const std::uint32_t pattern : group.patterns) {
      if (is_refused(pattern)) continue;
      ++count;
      const Translation& translation = translations.emplace_back(translation_of(pattern, group.octets));
      learn(pattern, translation);
      for (const Expression& expression : translation.expressions) {
        sources.push_back(expression.source.c_str());
        flags.push_back(expression.flags);
        ids.push_back(pattern);
        starts = starts || (expression.flags & HS_FLAG_SOM_LEFTMOST) != 0;
      }
    }
    group.part = ImagePart{.zones = group.zones, .patterns = count, .database = {}};
    if (sources.empty()) return {};
    const unsigned mode = HS_MODE_STREAM | (starts ? HS_MODE_SOM_HORIZON_LARGE : 0U);
    hs_database_t* made = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t result = hs_compile_multi(sources.data(), flags.data(), ids.data(), static_cast<unsigned>(sources.size()),
                                               mode, nullptr, &made, &error);
    const PatternDatabase::Handle database(made);
    if (result == HS_SUCCESS) return serialize(database.get(), group.part->database);
    const Failure failure = failure_of(error);
    group.part.reset();
    if (failure.expression < 0) return failure.message;
    degrade(ids[static_cast<std::size_t>(failure.expression)], failure.message);
    return {};
  }

  void learn(std::uint32_t pattern, const Translation& translation) {
    PatternFacts& facts = facts_[pattern];
    facts.octets = translation.facts.octets;
    facts.points = translation.facts.points;
    facts.word = translation.facts.word;
    if (verdicts_[pattern].handling != Handling::Direct) facts.slot = 0;
  }

  static std::optional<std::string> serialize(const hs_database_t* database, std::string& octets) {
    char* data = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &data, &size) != HS_SUCCESS) return "there is not enough memory";
    const std::unique_ptr<char, decltype(&std::free)> owner(data, &std::free);
    octets.assign(data, size);
    return {};
  }

  Compilation finish() {
    std::vector<ImagePart> parts;
    for (Group& group : groups_) {
      if (!group.part->database.empty()) parts.push_back(std::move(*group.part));
    }
    std::string image = write_image(this_platform(), parts, facts_, verdicts_);
    return {.image = std::move(image), .verdicts = std::move(verdicts_), .refusal = {}};
  }

  const std::vector<Pattern>& patterns_;
  std::vector<Verdict> verdicts_;
  std::vector<PatternFacts> facts_;
  std::vector<Group> groups_;
};

}  // namespace

Compilation compile_patterns(const std::vector<Pattern>& patterns) { return Compiler(patterns).compile(); }

ExpressionInfo inspect_pattern(const Pattern& pattern) {
  ExpressionInfo found;
  if (!is_supported_platform()) return {.verdict = {.handling = Handling::Refused, .reason = no_platform}};
  for (const bool prefilter : {false, true}) {
    const Translation translation = translate(pattern, (pattern.zones & ~octet_zones) == 0, prefilter);
    if (!translation.refusal.empty()) return {.verdict = {.handling = Handling::Refused, .reason = translation.refusal}};
    hs_expr_info_t* made = nullptr;
    hs_compile_error_t* error = nullptr;
    const Expression& expression = translation.expressions.front();
    const hs_error_t result = hs_expression_info(expression.source.c_str(), expression.flags, &made, &error);
    const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> info(made, &std::free);
    if (result == HS_SUCCESS) {
      found.verdict.handling = prefilter ? Handling::Prefilter : Handling::Direct;
      found.min_width = info->min_width;
      found.max_width = info->max_width == UINT32_MAX ? none : info->max_width;
      found.only_at_end = info->matches_only_at_eod != 0;
      return found;
    }
    const Failure failure = failure_of(error);
    if (found.verdict.reason.empty()) found.verdict.reason = failure.message;
  }
  found.verdict.handling = Handling::Refused;
  return found;
}

}  // namespace sluice
