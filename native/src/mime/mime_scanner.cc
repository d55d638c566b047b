#include "mime/mime_scanner.h"

#include <algorithm>
#include <string>

#include "mime/walk.h"

namespace sluice {

void Walk::start() {
  size_ = 0;
  line_.clear();
  break_ = {};
  begin_part(none, true, false, 0);
}

void Walk::write(std::string_view piece) {
  if (zones_.wants(Zone::Wire) && !piece.empty()) zones_.write(Zone::Wire, 0, piece);
  for (std::size_t at = 0; at < piece.size();) {
    const std::string_view rest = piece.substr(at);
    at += state_ == State::Header ? take_header(rest, size_ + at) : take_body(rest, size_ + at);
  }
  size_ += piece.size();
}

// The header.

std::size_t Walk::take_header(std::string_view piece, std::uint64_t offset) {
  const std::size_t found = piece.find('\n');
  const std::string_view rest = piece.substr(0, found == std::string_view::npos ? found : found + 1);
  lines_.examine(rest, offset, part_, {false, false});
  if (found != std::string_view::npos && line_.empty()) {
    header_line(rest, offset);
    return rest.size();
  }
  if (line_.empty()) line_offset_ = offset;
  const std::size_t room = tables_.limits().header + longest_delimiter;  // what is longer is not read anyway
  line_.append(rest.substr(0, room - std::min(room, line_.size())));
  if (found == std::string_view::npos) return rest.size();
  header_line(line_, line_offset_);
  line_.clear();
  return rest.size();
}

/// A line that begins no field is read again as the beginning of the body, which may be a message with a header of its own.
void Walk::header_line(std::string_view line, std::uint64_t offset) {
  const std::string_view text = line.substr(0, line.size() - line_break_of(line).size());
  if (containers_.awaiting() && begins_dashes(text)) {
    const Judgement judgement = containers_.judge(text);
    if (judgement.kind == Judgement::Kind::Near)
      tables_.raise(containers_.at(judgement.level).part, Flag::BoundaryNear, offset);
    if (judgement.kind == Judgement::Kind::Delimiter || judgement.kind == Judgement::Kind::Close) {
      end_header_early(offset);
      return delimiter(judgement, offset, line);
    }
  }
  while (state_ == State::Header) {
    const HeaderReader::Next next = headers_.line(line, offset);
    if (next == HeaderReader::Next::Line) return;
    headers_.finish();
    begin_body(next == HeaderReader::Next::Body ? offset + line.size() : offset);
    if (next == HeaderReader::Next::Body) return;
  }
  for (std::size_t i = 0; eight_bit_ && i < line.size(); ++i)
    if (static_cast<unsigned char>(line[i]) > 127) tables_.raise(part_, Flag::Encoding8Bit, offset + i);
  line_start_ = false;
  if (!containers_.awaiting()) return feed(line, offset);  // no boundary will ask for its line break
  deliver(line, offset);
}

/// A boundary, or the end of the message, comes before the empty line.
void Walk::end_header_early(std::uint64_t offset) {
  while (state_ == State::Header) {
    headers_.finish();
    tables_.raise(part_, Flag::HeaderUnfinished, offset);
    begin_body(offset);
  }
}

// The body.

std::size_t Walk::take_body(std::string_view piece, std::uint64_t offset) {
  if (!containers_.awaiting()) {
    lines_.examine(piece, offset, part_, {false, eight_bit_});
    feed(piece, offset);
    return piece.size();
  }
  if (line_start_) return take_line_start(piece, offset);
  if (!break_.empty()) {  // a CR at the end of the last piece
    if (piece[0] == '\n') {
      lines_.examine(piece.substr(0, 1), offset, part_, {false, eight_bit_});
      break_ = "\r\n";
      before_line_ = 2;
      line_start_ = true;
      return 1;
    }
    line_offset_ = offset;
    before_line_ = 1;
    release_break();
  }
  const std::size_t examined = lines_.examine(piece, offset, part_, {true, eight_bit_});
  deliver(piece.substr(0, examined), offset);
  return examined;
}

/// At the beginning of a line: gathers it for as long as it may become a delimiter.
std::size_t Walk::take_line_start(std::string_view piece, std::uint64_t offset) {
  if (line_.empty()) {
    line_offset_ = offset;
    if (!begins_dashes(piece)) {
      release_break();
      return 0;
    }
  }
  const std::size_t found = piece.find('\n');
  const std::string_view rest = piece.substr(0, found == std::string_view::npos ? found : found + 1);
  lines_.examine(rest, offset, part_, {false, eight_bit_});
  if (found != std::string_view::npos && line_.empty()) {
    judge_line(rest, offset);
    return rest.size();
  }
  line_.append(rest);
  if (found != std::string_view::npos || line_.size() > longest_delimiter || !containers_.may_become(line_)) finish_line();
  return rest.size();
}

void Walk::finish_line() {
  const std::string line = std::move(line_);
  line_.clear();
  judge_line(line, line_offset_);
}

void Walk::judge_line(std::string_view line, std::uint64_t offset) {
  const std::string_view text = line.substr(0, line.size() - line_break_of(line).size());
  const Judgement judgement = containers_.judge(text);
  if (judgement.kind == Judgement::Kind::Delimiter || judgement.kind == Judgement::Kind::Close)
    return delimiter(judgement, offset, line);
  if (judgement.kind == Judgement::Kind::Near)
    tables_.raise(containers_.at(judgement.level).part, Flag::BoundaryNear, offset);
  release_break();
  deliver(line, offset);
}

/// The line break that was held back belongs to the body: no boundary followed.
void Walk::release_break() {
  line_start_ = false;
  if (!break_.empty()) feed(break_, line_offset_ - break_.size());
  break_ = {};
}

/// Hands octets to the reader, but for a line break at their end.
void Walk::deliver(std::string_view piece, std::uint64_t offset) {
  std::string_view held = line_break_of(piece);
  if (held.empty() && !piece.empty() && piece.back() == '\r') held = std::string_view("\r", 1);
  feed(piece.substr(0, piece.size() - held.size()), offset);
  break_ = held;
  before_line_ = held.size();
  line_start_ = !held.empty() && held.back() == '\n';
}

void Walk::feed(std::string_view piece, std::uint64_t offset) {
  if (piece.empty()) return;
  if (reader_ == Reader::Leaf) leaf_.write(piece, offset);
  if (reader_ == Reader::Between) between_.write(piece, offset);
}

void Walk::end(Output& output) {
  if (state_ == State::Header && !line_.empty()) {
    const std::string line = std::move(line_);
    line_.clear();
    header_line(line, line_offset_);
  }
  if (state_ == State::Body && !line_.empty()) finish_line();
  lines_.finish(size_, part_);
  end_header_early(size_);
  line_offset_ = size_;
  release_break();
  end_body(size_);
  while (!containers_.empty()) close_container(size_);
  if (zones_.wants(Zone::Wire)) zones_.end(Zone::Wire, 0);
  output.size = size_;
  zones_.finish(output);
  if (zones_.text_was_cut()) tables_.raise(0, Flag::TextCut, 0);
  if (zones_.matches_were_cut()) tables_.raise(0, Flag::MatchesMany, 0);
  tables_.finish(output);
  abandon();
}

void Walk::abandon() {
  leaf_.abandon();
  between_.abandon();
  zones_.reset();
  tables_.reset();
  lines_.reset();
  containers_.clear();
  start();
}

std::unique_ptr<MimeScanner> make_mime_scanner(ZoneStreams& zones, const Limits& limits) {
  return std::make_unique<Walk>(zones, limits);
}

}  // namespace sluice
