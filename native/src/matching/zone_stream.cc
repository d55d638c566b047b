#include "matching/zone_stream.h"

#include <hs.h>

#include <algorithm>
#include <span>

#include "matching/pattern_database.h"
#include "matching/scratch.h"

namespace sluice {
namespace {

/// Octets that are searched at a time, at least: a call for fewer costs more than its octets.
constexpr std::size_t enough = 16'384;
/// A buffer that one large message has grown is given back when it is larger than this.
constexpr std::size_t modest = 262'144;

int report(unsigned int id, unsigned long long from, unsigned long long to, unsigned int, void* matches) {
  return static_cast<Matches*>(matches)->found(id, from, to) ? 0 : 1;
}

bool has_small_records(Zone zone) { return zone == Zone::Header || zone == Zone::Url || zone == Zone::Address; }

template <typename Buffer>
void clear(Buffer& buffer) {
  if (buffer.capacity() > modest) Buffer().swap(buffer);
  buffer.clear();
}

}  // namespace

void ZoneStream::Close::operator()(hs_stream* stream) const { hs_close_stream(stream, nullptr, nullptr, nullptr); }

ZoneStream::ZoneStream(Zone zone, std::uint32_t kept, const PatternDatabase* patterns, ScratchSpace* scratch,
                       std::uint32_t match_limit)
    : zone_(zone),
      kept_limit_(kept),
      counts_words_(has_words(zone)),
      database_(patterns == nullptr ? nullptr : patterns->of(zone)),
      reach_(patterns == nullptr ? 0 : patterns->reach()),
      scratch_(scratch),
      as_lines_(database_ != nullptr && has_small_records(zone) && patterns->is_within_lines(zone)) {
  if (database_ != nullptr) matches_ = std::make_unique<Matches>(*patterns, zone, match_limit);
}

ZoneStream::~ZoneStream() = default;

void ZoneStream::write(std::uint32_t part, std::string_view piece) {
  if (piece.empty()) return;
  if (!is_open(part)) begin_part(part);
  if (as_lines_) return write_line(piece);
  size_ += piece.size();
  const std::string_view rest = keep(piece);
  if (!database_ && !counts_words_) return;
  if (kept_.size() - searched_kept_ >= enough || !rest.empty()) search_kept();
  gather(rest);
}

void ZoneStream::write_line(std::string_view piece) {
  if (separator_due_) {
    separators_.push_back(size_ + separators_.size());
    gather("\n");
    separator_due_ = false;
  }
  record_open_ = true;
  size_ += piece.size();
  keep(piece);
  gather(piece);
}

void ZoneStream::begin_part(std::uint32_t part) {
  end_part();
  const auto at = static_cast<std::uint32_t>(kept_.size());
  row_ = {.part = part, .zone = static_cast<std::uint32_t>(zone_), .size = 0, .words = 0, .kept_start = at, .kept_end = at};
  size_ = record_start_ = searched_ = 0;
  words_.reset();
  separators_.clear();
  separator_due_ = record_open_ = false;
  first_row_ = matches_ ? matches_->rows().size() : 0;
}

/// What does not fit is returned.
std::string_view ZoneStream::keep(std::string_view piece) {
  const std::size_t room = std::min<std::size_t>(kept_limit_ - kept_.size(), piece.size());
  // Steps of four: a large text is copied once or twice on its way, and memory that is not touched costs nothing.
  if (kept_.size() + room > kept_.capacity()) {
    kept_.reserve(std::min<std::size_t>(kept_limit_, std::max(kept_.size() + room, kept_.capacity() * 4)));
  }
  kept_.append(piece.substr(0, room));
  row_.kept_end = static_cast<std::uint32_t>(kept_.size());
  if (room < piece.size() && is_kept(zone_)) cut_ = true;
  return piece.substr(room);
}

void ZoneStream::search_kept() {
  if (searched_kept_ == kept_.size()) return;
  const std::string_view all(kept_);
  const std::string_view chunk = all.substr(searched_kept_);
  const std::size_t back = std::min<std::size_t>(reach_, searched_ - record_start_);
  searched_kept_ = kept_.size();
  search(chunk, all.substr(all.size() - chunk.size() - back, back));
  if (kept_.size() == kept_limit_) remember(all.substr(all.size() - chunk.size() - back));
}

void ZoneStream::gather(std::string_view piece) {
  while (!piece.empty()) {
    std::string_view chunk = piece;
    if (!gathered_.empty() || piece.size() < enough) {
      chunk = piece.substr(0, enough - gathered_.size());
      gathered_.append(chunk);
      piece.remove_prefix(chunk.size());
      if (gathered_.size() < enough) return;
      chunk = gathered_;
    } else {
      piece = {};
    }
    search(chunk, behind_);
    remember(chunk);
    gathered_.clear();
  }
}

void ZoneStream::remember(std::string_view chunk) {
  if (chunk.size() >= reach_) {
    behind_.assign(chunk.substr(chunk.size() - reach_));
    return;
  }
  behind_.append(chunk);
  if (behind_.size() > reach_) behind_.erase(0, behind_.size() - reach_);
}

void ZoneStream::search(std::string_view chunk, std::string_view behind) {
  WordCounter* const words = counts_words_ ? &words_ : nullptr;
  if (matches_) {
    matches_->enter({.behind = behind, .chunk = chunk, .chunk_start = searched_ - record_start_, .record_start = record_start_},
                    row_.part);
    scan(chunk);
    matches_->leave(words);
  } else if (words != nullptr) {
    words->add(chunk);
  }
  searched_ += chunk.size();
}

void ZoneStream::scan(std::string_view chunk) {
  if (matches_->were_cut()) return;
  if (!stream_) {
    hs_stream_t* stream = nullptr;
    hs_open_stream(database_, 0, &stream);
    stream_.reset(stream);
  }
  scanning_ = true;
  constexpr std::size_t most = 1U << 30U;
  for (; !chunk.empty(); chunk.remove_prefix(std::min(most, chunk.size()))) {
    const auto length = static_cast<unsigned>(std::min(most, chunk.size()));
    hs_scan_stream(stream_.get(), chunk.data(), length, 0, scratch(), report, matches_.get());
  }
}

hs_scratch* ZoneStream::scratch() const { return scratch_->get(); }

void ZoneStream::end_record() {
  if (as_lines_) {
    separator_due_ = separator_due_ || record_open_;
    record_open_ = false;
  } else if (is_open()) {
    end_search();
  }
}

void ZoneStream::end_search() {
  if (!as_lines_) search_kept();
  if (!gathered_.empty()) {
    search(gathered_, behind_);
    remember(gathered_);
  }
  gathered_.clear();
  if (matches_ && searched_ > record_start_) {
    // What waits may look back: the character behind it can have begun in the chunk before, and never ended.
    matches_->enter({.behind = before_end(), .chunk = {}, .chunk_start = searched_ - record_start_, .record_start = record_start_},
                    row_.part);
    if (scanning_) hs_reset_stream(stream_.get(), 0, scratch(), report, matches_.get());
    scanning_ = false;
    matches_->leave(counts_words_ ? &words_ : nullptr);
    matches_->end_record();
  }
  behind_.clear();
  words_.end_record();
  record_start_ = size_;
}

/// The last octets of the record, all of which were searched: those of a record that was kept as a whole are there.
std::string_view ZoneStream::before_end() const {
  if (!behind_.empty()) return behind_;
  const std::string_view all(kept_);
  return all.substr(all.size() - std::min<std::size_t>({reach_, searched_ - record_start_, all.size()}));
}

void ZoneStream::end_part() {
  if (!is_open()) return;
  end_search();
  take_out_separators();
  row_.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(size_, none));
  row_.words = words_.count();
  texts_.push_back(row_);
  row_.part = none;
}

void ZoneStream::take_out_separators() {
  if (separators_.empty()) return;
  for (MatchRow& row : std::span(matches_->rows()).subspan(first_row_)) {
    const auto before = std::ranges::lower_bound(separators_, row.end) - separators_.begin();
    row.start -= static_cast<std::uint32_t>(before);
    row.end -= static_cast<std::uint32_t>(before);
  }
}

void ZoneStream::reset() {
  if (scanning_) hs_reset_stream(stream_.get(), 0, nullptr, nullptr, nullptr);
  if (matches_) matches_->reset();
  clear(kept_);
  clear(gathered_);
  behind_.clear();
  texts_.clear();
  searched_kept_ = 0;
  row_.part = none;
  scanning_ = false;
  cut_ = false;
}

}  // namespace sluice
