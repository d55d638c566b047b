#include "mime/containers.h"

#include <algorithm>

#include "mime/octets.h"

namespace sluice {

bool Containers::push(std::uint32_t part, std::string_view boundary, bool digest) {
  bool same = false;
  for (std::size_t level = 0; level < count_ && !boundary.empty(); ++level) {
    const std::string_view other = all_[level].boundary;
    const std::size_t common = std::min(other.size(), boundary.size());
    if (awaited(level) && other.substr(0, common) == boundary.substr(0, common)) same = true;
  }
  if (count_ == all_.size()) all_.emplace_back();
  Container& c = all_[count_++];
  c.part = part;
  c.multipart = !boundary.empty();
  c.digest = digest;
  c.met = c.closed = false;
  c.boundary.assign(boundary);
  if (c.multipart) ++awaiting_;
  return same;
}

void Containers::pop() {
  if (awaited(count_ - 1)) --awaiting_;
  --count_;
}

void Containers::close(std::size_t level) {
  all_[level].closed = true;
  --awaiting_;
}

void Containers::clear() { count_ = awaiting_ = 0; }

namespace {

std::string_view without_indent(std::string_view line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

}  // namespace

Judgement Containers::judge(std::string_view line) const {
  const std::string_view beginning = without_indent(line.substr(0, longest_delimiter));
  if (!beginning.starts_with("--")) return {Judgement::Kind::Content, 0};
  return exact(line).value_or(near(beginning.substr(2)));
}

std::optional<Judgement> Containers::exact(std::string_view line) const {
  if (line.size() > longest_delimiter || !line.starts_with("--")) return std::nullopt;
  std::string_view text = line.substr(2);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);  // RFC 2046 §5.1.1: transport-padding
  for (std::size_t level = count_; level-- > 0;) {
    const std::string_view b = all_[level].boundary;
    if (!awaited(level) || !text.starts_with(b)) continue;
    if (text.size() == b.size()) return Judgement{Judgement::Kind::Delimiter, level};
    if (text.substr(b.size()) == "--") return Judgement{Judgement::Kind::Close, level};
  }
  return std::nullopt;
}

/// Some programs are content with the beginning of a line, or do not see white space before it.
Judgement Containers::near(std::string_view text) const {
  for (std::size_t level = count_; level-- > 0;)
    if (awaited(level) && text.starts_with(all_[level].boundary)) return {Judgement::Kind::Near, level};
  return {Judgement::Kind::Content, 0};
}

bool Containers::may_become(std::string_view line) const {
  const std::string_view dashes = without_indent(line);
  if (dashes.size() < 2) return dashes.empty() || dashes[0] == '-';
  if (!dashes.starts_with("--")) return false;
  const std::string_view text = dashes.substr(2);
  for (std::size_t level = count_; level-- > 0;) {
    const std::size_t common = std::min(text.size(), all_[level].boundary.size());
    if (awaited(level) && text.substr(0, common) == std::string_view(all_[level].boundary).substr(0, common)) return true;
  }
  return false;
}

}  // namespace sluice
