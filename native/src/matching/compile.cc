#include "matching/compile.h"

#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
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

std::string message_of(hs_compile_error_t* error) {
  if (error == nullptr) return "there is not enough memory";
  std::string message = error->message;
  hs_free_compile_error(error);
  return message;
}

struct Failure {
  std::string message;
  /// none: the compiler did not say.
  std::uint32_t pattern = none;
};

/// Expressions for one database.
class Batch {
 public:
  const Translation& add(std::uint32_t pattern, Translation translation) {
    const Translation& added = translations_.emplace_back(std::move(translation));
    for (const Expression& expression : added.expressions) {
      sources_.push_back(expression.source.c_str());
      flags_.push_back(expression.flags);
      ids_.push_back(pattern);
      if ((expression.flags & HS_FLAG_SOM_LEFTMOST) != 0) mode_ |= HS_MODE_SOM_HORIZON_LARGE;
    }
    return added;
  }

  /// Serialized into `octets`; without expressions they stay empty.
  std::optional<Failure> compile(std::string& octets) const {
    if (sources_.empty()) return {};
    hs_database_t* made = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto count = static_cast<unsigned>(sources_.size());
    const hs_error_t result =
        hs_compile_multi(sources_.data(), flags_.data(), ids_.data(), count, mode_, nullptr, &made, &error);
    const PatternDatabase::Handle database(made);
    if (result == HS_SUCCESS) return serialize(database.get(), octets);
    const bool is_known = error != nullptr && error->expression >= 0;
    const std::uint32_t pattern = is_known ? ids_[static_cast<std::size_t>(error->expression)] : none;
    return Failure{.message = message_of(error), .pattern = pattern};
  }

 private:
  static std::optional<Failure> serialize(const hs_database_t* database, std::string& octets) {
    char* data = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database, &data, &size) != HS_SUCCESS) return Failure{.message = message_of(nullptr)};
    const std::unique_ptr<char, decltype(&std::free)> owner(data, &std::free);
    octets.assign(data, size);
    return {};
  }

  /// Their sources are pointed to: elements of a deque stay where they are.
  std::deque<Translation> translations_;
  std::vector<const char*> sources_;
  std::vector<unsigned> flags_;
  std::vector<unsigned> ids_;
  unsigned mode_ = HS_MODE_STREAM;
};

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
    return result == HS_SUCCESS ? std::string() : message_of(error);
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
      const ZoneSet zone = only(static_cast<Zone>(at));
      Group group{.zones = zone, .octets = (zone & octet_zones) != 0, .patterns = {}, .part = {}};
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

  /// Compiles the group, or degrades the patterns that stand in the way; a refusal when none does.
  std::optional<std::string> compile_group(Group& group) {
    Batch batch;
    std::uint32_t count = 0;
    for (const std::uint32_t pattern : group.patterns) {
      if (is_refused(pattern)) continue;
      ++count;
      learn(pattern, batch.add(pattern, translation_of(pattern, group.octets)));
    }
    group.part = ImagePart{.zones = group.zones, .patterns = count, .database = {}};
    const std::optional<Failure> failure = batch.compile(group.part->database);
    if (!failure) return {};
    group.part.reset();
    if (failure->pattern != none) degrade(failure->pattern, failure->message);
    else if (!degrade_alone(group)) return failure->message;
    return {};
  }

  /// The compiler did not say which one it was: each is compiled alone. False when nothing is wrong with any.
  bool degrade_alone(const Group& group) {
    bool found = false;
    for (const std::uint32_t pattern : group.patterns) {
      if (is_refused(pattern) || patterns_[pattern].kind == PatternKind::Literal) continue;
      Batch batch;
      batch.add(pattern, translation_of(pattern, group.octets));
      std::string database;
      const std::optional<Failure> failure = batch.compile(database);
      if (failure) degrade(pattern, failure->message);
      found = found || failure;
    }
    return found;
  }

  void learn(std::uint32_t pattern, const Translation& translation) {
    PatternFacts& facts = facts_[pattern];
    facts.octets = translation.facts.octets;
    facts.points = translation.facts.points;
    facts.word = translation.facts.word;
    facts.line_feed = translation.facts.line_feed;
    if (facts.head_points == 0 && translation.facts.head_points != 0) {
      facts.head = static_cast<std::uint32_t>(heads_.size());
      heads_.insert(heads_.end(), translation.head.begin(), translation.head.end());
    }
    facts.head_points = translation.facts.head_points;
    if (verdicts_[pattern].handling != Handling::Direct) facts.slot = 0;
  }

  Compilation finish() {
    std::vector<ImagePart> parts;
    for (Group& group : groups_) {
      if (!group.part->database.empty()) parts.push_back(std::move(*group.part));
    }
    std::string image = write_image(this_platform(), parts, facts_, verdicts_, heads_);
    return {.image = std::move(image), .verdicts = std::move(verdicts_), .refusal = {}};
  }

  const std::vector<Pattern>& patterns_;
  std::vector<Verdict> verdicts_;
  std::vector<PatternFacts> facts_;
  std::vector<std::uint32_t> heads_;
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
    std::string message = message_of(error);
    if (found.verdict.reason.empty()) found.verdict.reason = std::move(message);
  }
  found.verdict.handling = Handling::Refused;
  return found;
}

}  // namespace sluice
