// What is looked for, as the border hands it over: src/scanner/pattern.ts says what each field means.
#pragma once
#include <cstdint>
#include <string>

#include "layout.h"

namespace sluice {

/// A set of zones, a bit each.
using ZoneSet = std::uint16_t;
static_assert(zone_count <= 16);

constexpr ZoneSet only(Zone zone) { return static_cast<ZoneSet>(1U << static_cast<unsigned>(zone)); }
constexpr bool contains(ZoneSet set, Zone zone) { return (set & only(zone)) != 0; }

enum class PatternKind : std::uint8_t { Literal, Regex };
inline constexpr std::string_view pattern_kind_names[] = {"literal", "regex"};

/// At which sides of a literal a word must end. `Whole` is `Start` and `End`.
enum class WordSides : std::uint8_t { None = 0, Start = 1, End = 2, Whole = 3 };
inline constexpr std::string_view word_sides_names[] = {"none", "start", "end", "whole"};

struct Pattern {
  PatternKind kind = PatternKind::Literal;
  /// Of a literal its UTF-8, of a regular expression its source.
  std::string text;
  ZoneSet zones = 0;
  bool caseless = false;
  /// Of literals only.
  WordSides word = WordSides::None;
  /// Of regular expressions only.
  bool dotall = false;
  bool multiline = false;
  bool unicode = false;
  bool every = false;
};

/// How a pattern came out of the compiler.
enum class Handling : std::uint8_t {
  /// Its matches are matches.
  Direct,
  /// Its matches may be none: whoever reads them confirms them by other means. Matches are never missing.
  Prefilter,
  /// Nothing looks for it; the reason says why.
  Refused,
};
inline constexpr std::string_view handling_names[] = {"direct", "prefilter", "refused"};

struct Verdict {
  Handling handling = Handling::Direct;
  /// Why it is not `Direct`: a sentence of the compiler; empty otherwise.
  std::string reason;
};

/// Of one pattern in one message no more matches than this are reported.
inline constexpr std::uint32_t per_pattern = 1'000;
/// A literal of more octets than this is refused.
inline constexpr std::size_t longest_literal = 1'024;

}  // namespace sluice
