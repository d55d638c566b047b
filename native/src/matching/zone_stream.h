// One zone of the message that is being scanned: its beginning, its words, its stream through the patterns.
//
// Promises: octets wait in one buffer until there are enough of them to be searched at full speed; where the beginning is
// kept, that is the buffer; what is searched in place is not copied. No allocation once the buffers are grown.
// Records of a few octets, such as header fields, cost more to begin and end than to search. Where no pattern can match
// across a line feed they are searched together, as lines, and the places of matches are corrected afterwards.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "layout.h"
#include "matching/matches.h"
#include "matching/words.h"

struct hs_stream;
struct hs_scratch;

namespace sluice {

class PatternDatabase;
class ScratchSpace;

/// The zones of which the beginning is kept.
constexpr bool is_kept(Zone zone) { return zone != Zone::Attachment && zone != Zone::Wire; }

class ZoneStream {
 public:
  /// `kept`: octets that are kept of this zone over all parts. `patterns` may be null, and then `scratch` too.
  ZoneStream(Zone zone, std::uint32_t kept, const PatternDatabase* patterns, ScratchSpace* scratch, std::uint32_t match_limit);
  ~ZoneStream();
  ZoneStream(const ZoneStream&) = delete;
  ZoneStream& operator=(const ZoneStream&) = delete;

  bool is_open(std::uint32_t part) const { return row_.part == part; }
  bool is_open() const { return row_.part != none; }
  void write(std::uint32_t part, std::string_view piece);
  void end_record();
  void end_part();
  std::uint64_t position() const { return size_; }

  std::vector<TextRow>& texts() { return texts_; }
  /// What is kept of the zone. Who takes it leaves a buffer for the next message.
  std::string& kept() { return kept_; }
  Matches* matches() { return matches_ ? &*matches_ : nullptr; }
  bool was_cut() const { return cut_; }
  void reset();

 private:
  struct Close {
    void operator()(hs_stream* stream) const;
  };

  void begin_part(std::uint32_t part);
  void write_line(std::string_view piece);
  void end_search();
  void take_out_separators();
  std::string_view keep(std::string_view piece);
  void search_kept();
  void gather(std::string_view piece);
  void search(std::string_view chunk, std::string_view behind);
  void scan(std::string_view chunk);
  void remember(std::string_view chunk);
  std::string_view before_end() const;
  hs_scratch* scratch() const;

  const Zone zone_;
  const std::uint32_t kept_limit_;
  const bool counts_words_;
  const hs_database* database_ = nullptr;
  const std::size_t reach_;
  ScratchSpace* const scratch_;
  std::unique_ptr<hs_stream, Close> stream_;
  std::unique_ptr<Matches> matches_;

  std::string kept_;
  /// Octets of `kept_` that have been searched.
  std::size_t searched_kept_ = 0;
  std::string gathered_;
  /// The last octets of the record that were searched and do not stand in `kept_` any more.
  std::string behind_;
  WordCounter words_;
  TextRow row_{.part = none, .zone = 0, .size = 0, .words = 0, .kept_start = 0, .kept_end = 0};
  std::uint64_t size_ = 0;
  std::uint64_t record_start_ = 0;
  std::uint64_t searched_ = 0;
  const bool as_lines_;
  /// Where line feeds were put between records of the part, in octets of what was searched.
  std::vector<std::uint64_t> separators_;
  bool separator_due_ = false;
  bool record_open_ = false;
  std::size_t first_row_ = 0;
  bool scanning_ = false;
  bool cut_ = false;
  std::vector<TextRow> texts_;
};

}  // namespace sluice
