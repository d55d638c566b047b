#include "mime/between.h"

#include <algorithm>

#include "decoding/charset.h"
#include "mime/octets.h"

namespace sluice {

namespace {

constexpr std::size_t looked_at = 60;  // base64 is written in lines of 60 to 76

bool is_base64(char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '/'; }

/// A line of a preamble that is not written for people.
bool is_suspicious(std::string_view line) {
  if (begins_caseless(line, "content-") || begins_caseless(line, "mime-version")) return true;
  if (line.size() > 2 && line[0] == '-' && line[1] == '-' && !is_space(line[2])) return true;  // another boundary
  if (line.size() > 9 && line.substr(0, 6) == "begin " && is_digit(line[6]) && is_digit(line[7]) && is_digit(line[8]))
    return true;
  return line.size() >= looked_at && std::all_of(line.begin(), line.end(), is_base64);
}

}  // namespace

void Between::begin(std::uint32_t part, bool epilogue) {
  faults_.of(part);
  epilogue_ = epilogue;
  zone_ = epilogue ? Zone::Hidden : Zone::Source;
  decoder_.reset();
  line_.clear();
}

void Between::write(std::string_view piece, std::uint64_t offset) {
  if (epilogue_ && decoder_ == nullptr) {
    std::size_t blank = 0;
    while (blank < piece.size() && is_space(piece[blank])) ++blank;
    piece.remove_prefix(blank);
    offset += blank;
    if (piece.empty()) return;
    faults_.raise(Flag::Epilogue, offset);
  }
  if (!epilogue_) look(piece, offset);
  if (piece.empty()) return;
  if (decoder_ == nullptr) decoder_ = make_charset_decoder("", *this, faults_);
  decoder_->write(piece);
}

void Between::look(std::string_view piece, std::uint64_t offset) {
  for (std::size_t at = 0; at < piece.size();) {
    const std::size_t end = std::min(piece.find('\n', at), piece.size());
    if (line_.empty()) line_at_ = offset + at;
    const std::string_view rest = piece.substr(at, end - at);
    line_.append(rest.substr(0, looked_at - std::min(looked_at, line_.size())));
    if (end == piece.size()) return;
    judge_line();
    at = end + 1;
  }
}

void Between::judge_line() {
  if (is_suspicious(line_)) faults_.raise(Flag::Preamble, line_at_);
  line_.clear();
}

void Between::finish() {
  judge_line();
  if (decoder_ != nullptr) decoder_->end();
  decoder_.reset();
  zones_.end(zone_, faults_.part());
}

}  // namespace sluice
