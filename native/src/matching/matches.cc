#include "matching/matches.h"

#include <algorithm>
#include <cstring>

#include "matching/caseless.h"
#include "matching/utf8.h"

namespace sluice {
namespace {

constexpr bool has(WordSides sides, WordSides side) {
  return (static_cast<unsigned>(sides) & static_cast<unsigned>(side)) != 0;
}

/// In the column `word` of a row: to be counted when the chunk has been searched.
constexpr std::uint32_t uncounted = none;

}  // namespace

Matches::Matches(const PatternDatabase& patterns, Zone zone, std::uint32_t limit)
    : facts_(patterns.facts()),
      heads_(patterns.heads()),
      zone_(static_cast<std::uint32_t>(zone)),
      limit_(limit),
      counts_words_(has_words(zone)),
      of_pattern_(facts_.size()),
      open_(patterns.slots()) {}

void Matches::enter(const Window& window, std::uint32_t part) {
  window_ = window;
  part_ = part;
  if (waiting_.empty()) return;
  auto undecided = waiting_.begin();
  for (const MatchRow& row : waiting_) {
    const WordSide side = behind_end(row.end - window_.record_start);
    if (side == WordSide::No) add(row);
    if (side == WordSide::Unknown) *undecided++ = row;
  }
  waiting_.erase(undecided, waiting_.end());
}

bool Matches::found(std::uint32_t pattern, std::uint64_t from, std::uint64_t to) {
  const PatternFacts& facts = facts_[pattern];
  MatchRow row{.pattern = pattern,
               .part = part_,
               .zone = zone_,
               .start = none,
               .end = static_cast<std::uint32_t>(window_.record_start + to),
               .word = counts_words_ ? uncounted : 0};
  if (facts.slot != 0) {
    row.start = static_cast<std::uint32_t>(window_.record_start + from);
    grow(open_[facts.slot - 1U], row);
    return !cut_;
  }
  if (facts.octets == 0 && facts.points == 0) return add(row);
  if (facts.head_points != 0 && !has_head(facts, to)) return true;
  const std::uint64_t start = start_of(facts, to);
  row.start = static_cast<std::uint32_t>(window_.record_start + start);
  if (has(facts.word, WordSides::Start) && !starts_word_ok(start)) return true;
  if (has(facts.word, WordSides::End)) {
    const WordSide side = behind_end(to);
    if (side == WordSide::Yes) return true;
    if (side == WordSide::Unknown) {
      waiting_.push_back(row);
      return true;
    }
  }
  return add(row);
}

void Matches::leave(WordCounter* words) {
  if (words == nullptr) return;
  places_.clear();
  for (std::size_t at = uncounted_; at < rows_.size(); ++at) {
    if (rows_[at].word == uncounted) places_.push_back(&rows_[at]);
  }
  for (MatchRow& row : waiting_) {
    if (row.word == uncounted) places_.push_back(&row);
  }
  for (Open& open : open_) {
    if (open.is_open && open.row.word == uncounted) places_.push_back(&open.row);
  }
  uncounted_ = rows_.size();
  const auto by_end = [](const MatchRow* a, const MatchRow* b) { return a->end < b->end; };
  if (!std::is_sorted(places_.begin(), places_.end(), by_end)) std::sort(places_.begin(), places_.end(), by_end);
  std::uint64_t counted = 0;
  for (MatchRow* row : places_) row->word = words_at(row->end - window_.record_start, *words, counted);
  words->add(window_.chunk.substr(counted));
}

void Matches::end_record() {
  for (const MatchRow& row : waiting_) add(row);
  waiting_.clear();
  for (Open& open : open_) {
    if (open.is_open) add(open.row);
    open.is_open = false;
  }
}

void Matches::reset() {
  for (const MatchRow& row : rows_) of_pattern_[row.pattern] = 0;
  rows_.clear();
  waiting_.clear();
  for (Open& open : open_) open.is_open = false;
  uncounted_ = 0;
  cut_ = false;
}

bool Matches::add(const MatchRow& row) {
  std::uint16_t& count = of_pattern_[row.pattern];
  if (count >= per_pattern) return true;
  if (rows_.size() >= limit_) {
    cut_ = true;
    return false;
  }
  ++count;
  rows_.push_back(row);
  return true;
}

/// The search reports every end of an occurrence with its leftmost start: ends of one start are one occurrence, and what
/// begins inside it is none.
void Matches::grow(Open& open, const MatchRow& row) {
  if (open.is_open && row.start < open.row.end) {
    if (row.start == open.row.start && row.end > open.row.end) open.row = row;
    return;
  }
  if (open.is_open && row.start == open.row.start && row.end == open.row.end) return;
  if (open.is_open) add(open.row);
  open = {.row = row, .is_open = true};
}

std::uint64_t Matches::start_of(const PatternFacts& facts, std::uint64_t end) const {
  if (facts.octets != 0) return end - facts.octets;
  std::uint64_t at = end;
  for (std::uint32_t points = facts.points; points > 0; --points) at = before(at);
  return at;
}

/// Where the character begins that ends at `offset`, which is not the beginning of the record; at most four octets before.
std::uint64_t Matches::before(std::uint64_t offset) const {
  const std::uint64_t oldest = window_.chunk_start - window_.behind.size();
  std::uint64_t at = offset - 1;
  while (at > oldest && offset - at < 4 && utf8_continues(octet(at))) --at;
  return at;
}

/// Whether the characters stand there that the search was not told of. The search found the others.
bool Matches::has_head(const PatternFacts& facts, std::uint64_t end) const {
  const std::uint64_t oldest = window_.chunk_start - window_.behind.size();
  std::uint64_t at = end;
  for (std::uint32_t tail = facts.points - facts.head_points; tail > 0; --tail) at = before(at);
  char buffer[4];
  for (const std::uint32_t wanted : heads_.subspan(facts.head, facts.head_points)) {
    if (at == oldest) return false;
    const std::uint64_t start = before(at);
    const std::string_view character = octets(start, at, buffer);
    const bool is_whole = utf8_length(character[0]) == character.size();
    const std::uint32_t point = is_whole ? utf8_point(character) : no_point;
    if (point == no_point || folded(point) != wanted) return false;
    at = start;
  }
  return true;
}

bool Matches::starts_word_ok(std::uint64_t start) const {
  char buffer[4];
  const std::uint64_t from = start < 4 ? 0 : start - 4;
  return word_ends(octets(from, start, buffer)) != WordSide::Yes;
}

WordSide Matches::behind_end(std::uint64_t end) const {
  char buffer[4];
  const std::uint64_t seen = window_.chunk_start + window_.chunk.size();
  return word_begins(octets(end, std::min(end + 4, seen), buffer));
}

char Matches::octet(std::uint64_t offset) const {
  if (offset >= window_.chunk_start) return window_.chunk[offset - window_.chunk_start];
  const std::uint64_t back = window_.chunk_start - offset;
  return window_.behind[window_.behind.size() - back];
}

std::string_view Matches::octets(std::uint64_t from, std::uint64_t to, char (&buffer)[4]) const {
  if (from >= window_.chunk_start) return window_.chunk.substr(from - window_.chunk_start, to - from);
  for (std::uint64_t at = from; at < to; ++at) buffer[at - from] = octet(at);
  return {buffer, static_cast<std::size_t>(to - from)};
}

/// `counted` octets of the chunk are in `words`. A match may end before the chunk: what it ends with looked ahead.
std::uint32_t Matches::words_at(std::uint64_t end, WordCounter& words, std::uint64_t& counted) const {
  const std::uint64_t here = window_.chunk_start + counted;
  if (end >= here) {
    words.add(window_.chunk.substr(counted, end - here));
    counted += end - here;
    return words.count();
  }
  std::uint32_t count = words.count();
  const std::uint64_t oldest = window_.chunk_start - window_.behind.size();
  for (std::uint64_t at = std::max(end, oldest + 1); at < here; ++at) {
    const auto separates = [](char octet) { return octet == ' ' || octet == '\n'; };
    if (!separates(octet(at)) && separates(octet(at - 1))) --count;
  }
  return count;
}

}  // namespace sluice
