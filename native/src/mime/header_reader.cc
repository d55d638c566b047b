#include "mime/header_reader.h"

#include "mime/file_name.h"
#include "mime/octets.h"

namespace sluice {

namespace {
constexpr std::size_t longest_name = 256;
constexpr std::string_view breaks = "\r\n";
}  // namespace

std::string_view line_break_of(std::string_view line) {
  if (line.empty() || line.back() != '\n') return {};
  const bool crlf = line.size() > 1 && line[line.size() - 2] == '\r';
  return crlf ? breaks : breaks.substr(1);
}

void HeaderReader::begin(std::uint32_t part, std::uint64_t start, bool message, bool digest) {
  part_ = part;
  start_ = start;
  large_ = open_ = false;
  header_.begin(part, message, digest);
}

HeaderReader::Next HeaderReader::line(std::string_view line, std::uint64_t offset) {
  const std::string_view line_break = line_break_of(line);
  const std::string_view text = line.substr(0, line.size() - line_break.size());
  if (text.empty()) return Next::Body;
  const bool continues = is_blank(text[0]);
  if (offset + line.size() - start_ > tables_.limits().header) {
    if (continues) open_ = false;  // a field is read whole or not at all
    finish_field();
    if (!large_) tables_.raise(part_, Flag::HeaderLarge, start_ + tables_.limits().header);
    large_ = true;
    return Next::Line;
  }
  if (continues) {
    if (!open_) tables_.raise(part_, Flag::HeaderLine, offset);
    if (trim(text).empty()) tables_.raise(part_, Flag::HeaderBlankFold, offset);
    if (!open_) return Next::Line;
    field_.append(line_break_).append(text);
    line_break_ = line_break;
    return Next::Line;
  }
  finish_field();
  if (begin_field(text, offset)) {
    line_break_ = line_break;
    return Next::Line;
  }
  tables_.raise(part_, Flag::HeaderLine, offset);
  // What mail boxes write before a message is not part of it.
  const bool mbox = offset == 0 && (text.substr(0, 5) == "From " || text.substr(0, 6) == ">From ");
  return mbox ? Next::Line : Next::BodyAtLine;
}

/// RFC 5322 §2.2, and §4.5: white space before the colon.
bool HeaderReader::begin_field(std::string_view text, std::uint64_t offset) {
  std::size_t name = 0;
  while (name < text.size() && is_name(text[name])) ++name;
  colon_ = name;
  while (colon_ < text.size() && is_blank(text[colon_])) ++colon_;
  if (name == 0 || colon_ == text.size() || text[colon_] != ':') return false;
  if (colon_ > name) tables_.raise(part_, Flag::HeaderSpaceColon, offset);
  name_.clear();
  append_lower(name_, text.substr(0, name));
  field_.assign(text);
  field_start_ = offset;
  open_ = true;
  return true;
}

void HeaderReader::finish_field() {
  if (!open_) return;
  open_ = false;
  const std::string_view value = std::string_view(field_).substr(colon_ + 1);
  if (tables_.fields_full())
    tables_.raise(part_, Flag::FieldsMany, field_start_);
  else
    keep_field(std::string_view(name_).substr(0, longest_name), value);
  header_.field(name_, value, field_start_);
}

void HeaderReader::keep_field(std::string_view name, std::string_view value) {
  HeaderText::Notes notes;
  const std::string_view text = text_.decode(value, notes);
  if (notes.raw) tables_.raise(part_, Flag::Header8Bit, field_start_);
  if (notes.broken) tables_.raise(part_, Flag::EncodedWord, field_start_);
  FieldRow row{};
  row.part = part_;
  row.start = static_cast<std::uint32_t>(field_start_);
  row.colon = static_cast<std::uint32_t>(field_start_ + colon_);
  row.end = static_cast<std::uint32_t>(field_start_ + field_.size());
  const StringRange range = tables_.keep(name);
  row.name_start = range.start;
  row.name_end = range.end;
  row.text_start = zones_.position(Zone::Header, part_);
  if (!text.empty()) zones_.write(Zone::Header, part_, text);
  row.text_end = zones_.position(Zone::Header, part_);
  zones_.end_record(Zone::Header, part_);
  tables_.add_field(row);
}

void HeaderReader::finish() {
  finish_field();
  zones_.end(Zone::Header, part_);
  header_.finish();
  write_file_name(zones_, part_, header_.file_name());
}

}  // namespace sluice
