// The matches of one zone: from what the search reports to rows.
//
// Promises: a callback costs a few instructions where no word side is asked for; occurrences of one pattern do not overlap
// where the pattern asks for that; no more than `per_pattern` rows a pattern and `limit` rows together; no allocation once
// the buffers are as large as a message needs.
// Leaves out: order. `finish` of the zone streams sorts.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "layout.h"
#include "matching/pattern_database.h"
#include "matching/words.h"

namespace sluice {

/// What can be read of a record while a chunk of it is searched.
struct Window {
  /// Octets right before the chunk, as many as a literal reaches back, none beyond the beginning of the record.
  std::string_view behind;
  std::string_view chunk;
  /// Where the chunk begins in the record, and the record in the zone.
  std::uint64_t chunk_start = 0;
  std::uint64_t record_start = 0;
};

class Matches {
 public:
  /// `patterns` outlives this.
  Matches(const PatternDatabase& patterns, Zone zone, std::uint32_t limit);

  /// A chunk is about to be searched. Decides what waited for its first octets.
  void enter(const Window& window, std::uint32_t part);
  /// A match from the search, in offsets of the record. False: the limit is reached, and the search may end.
  bool found(std::uint32_t pattern, std::uint64_t from, std::uint64_t to);
  /// The chunk has been searched: counts words in it on the way from match to match, when `words` is given.
  void leave(WordCounter* words);
  /// The record is complete.
  void end_record();

  std::vector<MatchRow>& rows() { return rows_; }
  bool were_cut() const { return cut_; }
  void reset();

 private:
  /// An occurrence that may grow, of a pattern that is reported at every one.
  struct Open {
    MatchRow row;
    bool is_open = false;
  };

  bool starts_word_ok(std::uint64_t start) const;
  WordSide behind_end(std::uint64_t end) const;
  std::uint64_t start_of(const PatternFacts& facts, std::uint64_t end) const;
  std::uint64_t before(std::uint64_t offset) const;
  bool has_head(const PatternFacts& facts, std::uint64_t end) const;
  char octet(std::uint64_t offset) const;
  std::string_view octets(std::uint64_t from, std::uint64_t to, char (&buffer)[4]) const;
  void grow(Open& open, const MatchRow& row);
  bool add(const MatchRow& row);
  std::uint32_t words_at(std::uint64_t end, WordCounter& words, std::uint64_t& counted) const;

  std::span<const PatternFacts> facts_;
  std::span<const std::uint32_t> heads_;
  std::uint32_t zone_;
  std::uint32_t limit_;
  bool counts_words_;
  Window window_;
  std::uint32_t part_ = 0;
  bool cut_ = false;
  std::vector<MatchRow> rows_;
  std::size_t uncounted_ = 0;
  std::vector<std::uint16_t> of_pattern_;
  /// Literals at the end of what was seen, whose next character decides.
  std::vector<MatchRow> waiting_;
  std::vector<Open> open_;
  std::vector<MatchRow*> places_;
};

}  // namespace sluice
