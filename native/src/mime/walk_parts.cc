#include "mime/walk.h"

namespace sluice {

void Walk::begin_part(std::uint32_t parent, bool message, bool digest, std::uint64_t offset) {
  if (tables_.parts_full()) {
    tables_.raise(parent, Flag::PartsMany, offset);
    return read_with(Reader::Nobody, parent);
  }
  const std::uint32_t depth = parent == none ? 0 : tables_.part(parent).depth + 1;
  part_ = tables_.add_part(parent, depth, offset);
  headers_.begin(part_, offset, message, digest);
  state_ = State::Header;
}

void Walk::begin_body(std::uint64_t offset) {
  tables_.part(part_).body_start = tables_.part(part_).body_end = static_cast<std::uint32_t>(offset);
  before_line_ = 0;
  break_ = {};
  if (begin_parts(offset)) return;
  leaf_.begin(part_, headers_.header());
  read_with(Reader::Leaf, part_);
  eight_bit_ = headers_.header().claims_7bit();
}

/// True when the part is made of parts.
bool Walk::begin_parts(std::uint64_t offset) {
  const PartHeader& header = headers_.header();
  const bool multipart = header.kind() == PartKind::Multipart;
  if (!multipart && header.kind() != PartKind::Message) return false;
  if (tables_.part(part_).depth >= tables_.limits().depth) {
    tables_.raise(part_, Flag::NestingDeep, offset);
    read_with(Reader::Nobody, part_);
    return true;
  }
  if (containers_.push(part_, header.boundary(), header.is_digest()))
    tables_.raise(part_, Flag::BoundarySame, header.type_offset());
  if (multipart) {
    between_.begin(part_, false);
    read_with(Reader::Between, part_);
  } else {
    begin_part(part_, true, false, offset);
  }
  return true;
}

void Walk::read_with(Reader reader, std::uint32_t part) {
  state_ = State::Body;
  reader_ = reader;
  part_ = part;
  eight_bit_ = false;
  line_start_ = true;
}

void Walk::end_body(std::uint64_t end) {
  if (reader_ == Reader::Leaf) leaf_.finish(end);
  if (reader_ == Reader::Between) between_.finish();
  tables_.part(part_).body_end = static_cast<std::uint32_t>(end);
}

/// `line` stands at `offset`, with its break.
void Walk::delimiter(Judgement judgement, std::uint64_t offset, std::string_view line) {
  const std::uint64_t end = offset - before_line_;
  end_body(end);
  while (containers_.count() - 1 > judgement.level) close_container(end);
  Container& container = containers_.top();
  container.met = true;
  break_ = {};
  before_line_ = line_break_of(line).size();
  if (judgement.kind == Judgement::Kind::Delimiter)
    return begin_part(container.part, false, container.digest, offset + line.size());
  containers_.close(judgement.level);
  between_.begin(container.part, true);
  read_with(Reader::Between, container.part);
}

void Walk::close_container(std::uint64_t end) {
  const Container& container = containers_.top();
  if (container.multipart && !container.closed)
    tables_.raise(container.part, container.met ? Flag::BoundaryUnclosed : Flag::BoundaryAbsent, end);
  tables_.part(container.part).body_end = static_cast<std::uint32_t>(end);
  containers_.pop();
}

}  // namespace sluice
