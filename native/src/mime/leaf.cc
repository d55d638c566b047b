#include "mime/leaf.h"

#include <algorithm>
#include <string>

#include "mime/encoded_word.h"
#include "mime/file_name.h"
#include "mime/octets.h"

namespace sluice {

void Content::begin(std::uint32_t part, Sink* next) {
  part_ = part;
  next_ = next;
  size_ = 0;
  attachment_ = next == nullptr && zones_.wants(Zone::Attachment);
}

void Content::write(std::string_view piece) {
  if (size_ < head_.size()) {
    const std::size_t kept = static_cast<std::size_t>(size_);
    std::copy_n(piece.begin(), std::min(piece.size(), head_.size() - kept), head_.begin() + static_cast<std::ptrdiff_t>(kept));
  }
  size_ += piece.size();
  if (next_ != nullptr) next_->write(piece);
  if (attachment_) zones_.write(Zone::Attachment, part_, piece);
}

void Content::end() {
  PartRow& row = tables_.part(part_);
  row.decoded_size = static_cast<std::uint32_t>(size_);
  const StringRange head = tables_.keep({head_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(size_, head_.size()))});
  row.head_start = head.start;
  row.head_end = head.end;
  if (next_ != nullptr) next_->end();
  if (attachment_) zones_.end(Zone::Attachment, part_);
}

Leaf::Leaf(Tables& tables, ZoneStreams& zones)
    : tables_(tables), zones_(zones), faults_(tables), content_(tables, zones), file_(tables, zones), source_(*this),
      beside_(content_), whole_(beside_) {}

void Leaf::begin(std::uint32_t part, const PartHeader& header) {
  faults_.of(part);
  content_.begin(part, header.kind() == PartKind::Other ? nullptr : text_chain(header));
  if (header.encoding() == Encoding::Uuencode) {
    unwrapper_ = make_uuencode_splitter(beside_, whole_, faults_);
    decoder_ = make_transfer_decoder(Encoding::Identity, *unwrapper_, faults_);
  } else {
    decoder_ = make_transfer_decoder(header.encoding(), content_, faults_);
  }
}

Sink* Leaf::text_chain(const PartHeader& header) {
  reader_ = header.kind() == PartKind::Html ? make_html_reader(*this, faults_, tables_.limits().link)
                                            : make_plain_reader(*this, faults_, tables_.limits().link);
  charset_ = make_charset_decoder(header.charset(), source_, faults_);
  if (!header.is_plain()) return charset_.get();
  splitter_ = make_uuencode_splitter(*charset_, *this, faults_);
  return splitter_.get();
}

void Leaf::finish(std::uint64_t offset) {
  decoder_->finish(offset);
  if (unwrapper_ != nullptr) unwrapper_->end();
  content_.end();
  if (reader_ != nullptr)
    for (const Zone zone : {Zone::Text, Zone::Hidden, Zone::Source, Zone::Url, Zone::Address}) zones_.end(zone, faults_.part());
  abandon();
}

void Leaf::abandon() {
  decoder_.reset();
  unwrapper_.reset();
  splitter_.reset();
  charset_.reset();
  reader_.reset();
}

void Leaf::Source::write(std::string_view piece) {
  leaf_.zones_.write(Zone::Source, leaf_.faults_.part(), piece);
  leaf_.reader_->write(piece);
}

void Leaf::visible(std::string_view piece) { zones_.write(Zone::Text, faults_.part(), piece); }

void Leaf::hidden(std::string_view piece) { zones_.write(Zone::Hidden, faults_.part(), piece); }

void Leaf::link(Zone zone, LinkOrigin origin, std::string_view text) {
  const std::uint32_t part = faults_.part();
  if (tables_.links_full()) {
    faults_.raise(Flag::LinksMany);
    return;
  }
  LinkRow row{part, static_cast<std::uint32_t>(zone), static_cast<std::uint32_t>(origin), zones_.position(zone, part), 0};
  zones_.write(zone, part, text);
  row.end = zones_.position(zone, part);
  zones_.end_record(zone, part);
  tables_.add_link(row);
}

/// A uuencoded file inside a text: a part of that text, at its place on the wire.
Sink* Leaf::open(std::string_view name) {
  const std::uint32_t parent = faults_.part();
  const PartRow& text = tables_.part(parent);
  if (text.depth + 1 > tables_.limits().depth || tables_.parts_full()) {
    faults_.raise(tables_.parts_full() ? Flag::PartsMany : Flag::NestingDeep);
    return nullptr;
  }
  const std::uint32_t start = text.body_start;
  const std::uint32_t row = tables_.add_part(parent, text.depth + 1, start);
  tables_.part(row).kind = static_cast<std::uint32_t>(PartKind::Other);
  tables_.part(row).encoding = static_cast<std::uint32_t>(Encoding::Uuencode);
  const StringRange type = tables_.keep("application/octet-stream");
  tables_.part(row).type_start = type.start;
  tables_.part(row).type_end = type.end;
  name_file(row, name);
  file_.begin(row, nullptr);
  return &file_;
}

void Leaf::name_file(std::uint32_t row, std::string_view name) {
  std::string text;
  std::string scratch;
  to_utf8("", name, text, scratch);
  if (has_odd_characters(text)) tables_.raise(row, Flag::FilenameControl, tables_.part(row).body_start);
  const StringRange range = tables_.keep(text);
  tables_.part(row).filename_start = range.start;
  tables_.part(row).filename_end = range.end;
  write_file_name(zones_, row, text);
}

}  // namespace sluice
