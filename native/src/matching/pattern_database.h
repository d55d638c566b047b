// Compiled patterns, ready to scan: one streaming database for each set of patterns that some zone has.
//
// Promises: immutable, so any thread may read it; a process holds one copy of an image however many threads load it, for as
// long as somebody holds it; an image that is torn, changed, of another version of the library or for another processor is
// refused with a reason. Loading blocks nobody but those who wait for the same image.
// Leaves out: compiling (compile.h) and scratch space (scratch.h).
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matching/pattern.h"

struct hs_database;

namespace sluice {

/// What the scan must know of a pattern, small enough that thousands stay in the cache.
struct PatternFacts {
  /// Octets of a literal when they are always as many; else `points` counts. 0 for regular expressions.
  std::uint16_t octets = 0;
  /// Code points of a literal whose letters are of different length in the two cases, or that has a head (below); else 0.
  std::uint16_t points = 0;
  ZoneSet zones = 0;
  WordSides word = WordSides::None;
  /// Whether a match may contain a line feed: of literals it is known, of regular expressions it is taken for granted.
  std::uint8_t line_feed = 1;
  /// From 1: a pattern that is reported at every occurrence, whose ends must be merged; 0: any other.
  std::uint16_t slot = 0;
  /// Of a literal of which only the last characters are searched for: how many others there are, whose case classes stand in
  /// `heads` of the database from `head` on, the last one first. Who finds the end looks whether they stand before it.
  std::uint16_t head_points = 0;
  std::uint32_t head = 0;
};

class PatternDatabase {
 public:
  struct Free {
    void operator()(hs_database* database) const;
  };
  using Handle = std::unique_ptr<hs_database, Free>;

  /// One compiled set, for one zone or several.
  struct Part {
    ZoneSet zones = 0;
    std::uint32_t patterns = 0;
    /// Octets of the database in memory, and of each open stream.
    std::size_t size = 0;
    std::size_t stream_size = 0;
    std::string info;
    Handle handle;
  };

  PatternDatabase(std::vector<Part> parts, std::vector<PatternFacts> facts, std::vector<Verdict> verdicts,
                  std::vector<std::uint32_t> heads);

  /// Null when no pattern looks into that zone.
  const hs_database* of(Zone zone) const { return zones_[static_cast<std::size_t>(zone)]; }
  /// Whether every match in that zone lies within a line. Then records that are no lines can be searched as lines of one text.
  bool is_within_lines(Zone zone) const { return (lines_ & only(zone)) != 0; }
  std::span<const PatternFacts> facts() const { return facts_; }
  std::span<const std::uint32_t> heads() const { return heads_; }
  std::span<const Part> parts() const { return parts_; }
  /// One for each pattern, as compiled.
  std::span<const Verdict> verdicts() const { return verdicts_; }
  /// Octets in memory, everything together.
  std::size_t size() const { return size_; }
  /// How many patterns have a `slot`.
  std::size_t slots() const { return slots_; }
  /// How many octets before its end a literal can begin, the character before it included.
  std::size_t reach() const { return reach_; }

 private:
  std::vector<Part> parts_;
  std::vector<PatternFacts> facts_;
  std::vector<Verdict> verdicts_;
  std::vector<std::uint32_t> heads_;
  std::array<const hs_database*, zone_count> zones_{};
  ZoneSet lines_ = static_cast<ZoneSet>(~0U);
  std::size_t size_ = 0;
  std::size_t slots_ = 0;
  std::size_t reach_ = 0;
};

struct LoadedPatterns {
  std::shared_ptr<const PatternDatabase> database;
  /// Why there is none.
  std::string refusal;
};

/// Loads the image, or hands out the copy that the process already has. Any thread may call it.
LoadedPatterns load_patterns(std::string_view image);

/// The copy that the process already has of the image that begins with these octets; null when it has none. Costs a look at
/// the first hundred octets: the digest there is taken at its word, since the copy was checked against it when it was loaded.
std::shared_ptr<const PatternDatabase> find_patterns(std::string_view beginning);

}  // namespace sluice
