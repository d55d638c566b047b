#include "mime/part_header.h"

#include "mime/file_name.h"
#include "mime/octets.h"

namespace sluice {

namespace {

// RFC 5322 §3.6 and RFC 2045 §3: at most once in a header. The number is a bit in `seen_`.
constexpr std::string_view once[] = {
    "content-type", "content-transfer-encoding", "content-disposition", "content-id", "mime-version",
    "date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject",
    "content-description", "content-location"};
enum Known : std::size_t { Type, TransferEncoding, ContentDisposition, ContentId, Version };
constexpr std::size_t once_count = sizeof once / sizeof *once;

constexpr std::size_t longest_boundary = 1'000;
constexpr std::size_t longest_type = 256;
constexpr std::size_t longest_id = 1'024;

std::size_t known(std::string_view name) {
  std::size_t i = 0;
  while (i < once_count && once[i] != name) ++i;
  return i;
}

/// A token in lower case, with what stands behind it. White space and comments before it are skipped.
std::string_view read_token(std::string_view value, std::size_t& at) {
  const std::size_t start = at;
  while (at < value.size() && is_token(value[at])) ++at;
  return value.substr(start, at - start);
}

bool is_boundary_character(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

}  // namespace

void PartHeader::begin(std::uint32_t part, bool message, bool digest) {
  part_ = part;
  message_ = message;
  seen_ = 0;
  version_ = false;
  type_ = digest ? "message/rfc822" : "text/plain";  // RFC 2045 §5.2, RFC 2046 §5.1.5
  type_offset_ = tables_.part(part).header_start;
  boundary_.clear();
  charset_.clear();
  type_name_.text.clear();
  disposition_name_.text.clear();
  encoding_ = Encoding::Identity;
  claims_7bit_ = true;
}

void PartHeader::field(std::string_view name, std::string_view value, std::uint64_t offset) {
  const std::size_t which = known(name);
  if (which == once_count) return;
  const std::uint32_t bit = std::uint32_t{1} << which;
  if ((seen_ & bit) != 0) {
    tables_.raise(part_, Flag::HeaderDuplicate, offset);
    return;
  }
  seen_ |= bit;
  switch (which) {
    case Type: return content_type(value, offset);
    case TransferEncoding: return content_encoding(value, offset);
    case ContentDisposition: return content_disposition(value, offset);
    case ContentId: return content_id(value);
    case Version: {
      std::size_t at = 0;
      skip_comments(value, at);
      version_ = value.substr(at, 3) == "1.0";
      return;
    }
    default: return;
  }
}

void PartHeader::raise_notes(const FieldFaults& faults) const {
  const Parameters::Notes& notes = parameters_.notes();
  if (notes.syntax) faults.raise(Flag::ParameterSyntax);
  if (notes.duplicate) faults.raise(Flag::ParameterDuplicate);
  if (notes.continuation) faults.raise(Flag::ParameterContinuation);
}

void PartHeader::content_type(std::string_view value, std::uint64_t offset) {
  const FieldFaults faults{tables_, part_, offset};
  type_offset_ = offset;
  std::size_t at = 0;
  bool loose = skip_comments(value, at);
  const std::string_view type = read_token(value, at);
  const std::size_t behind_type = at;
  loose = skip_comments(value, at) || loose;
  const std::size_t slash = at;
  if (at < value.size() && value[at] == '/') ++at;
  loose = skip_comments(value, at) || loose || slash != behind_type || at > slash + 1;
  const std::string_view subtype = read_token(value, at);
  if (type.empty() || subtype.empty() || slash >= value.size() || value[slash] != '/' ||
      type.size() + subtype.size() >= longest_type) {
    faults.raise(Flag::TypeSyntax);
    type_ = "text/plain";
  } else {
    type_.clear();
    append_lower(type_, type);
    type_.push_back('/');
    append_lower(type_, subtype);
    if (loose) faults.raise(Flag::ParameterSyntax);
  }
  parameters_.parse(value.substr(at));
  if (type_.compare(0, 10, "multipart/") == 0) read_boundary(faults);
  if (read_octets("charset", value_)) append_lower(charset_, trim(std::string_view(value_)).substr(0, longest_type));
  if (!read_name("name", type_name_, faults)) read_name("filename", type_name_, faults);
  raise_notes(faults);
}

/// A plain value goes first; who does not know RFC 2231 sees nothing else.
bool PartHeader::read_octets(std::string_view name, std::string& value) {
  const bool extended = parameters_.extended(name, value);
  if (extended) parameters_.doubt_continuation();
  return parameters_.plain(name, value) || extended;
}

void PartHeader::read_boundary(const FieldFaults& faults) {
  if (!read_octets("boundary", value_)) {
    faults.raise(Flag::BoundaryMissing);
    return;
  }
  HeaderText::Notes notes;
  header_text_.decode(value_, notes);
  if (notes.encoded) faults.raise(Flag::ParameterEncodedWord);  // some programs undo it
  bool good = !value_.empty() && value_.size() <= 70 && value_.back() != ' ';  // RFC 2046 §5.1.1
  for (const char c : value_) good = good && is_boundary_character(c);
  if (!good) faults.raise(Flag::BoundarySyntax);
  const std::string_view usable = trim_end(value_);
  if (usable.size() <= longest_boundary) boundary_.assign(usable);
}

void PartHeader::content_encoding(std::string_view value, std::uint64_t offset) {
  std::size_t at = 0;
  bool loose = skip_comments(value, at);
  value_.clear();
  append_lower(value_, read_token(value, at));
  loose = loose || !trim(value.substr(at)).empty();
  claims_7bit_ = value_ == "7bit" || value_ == "quoted-printable";
  if (value_ == "7bit" || value_ == "8bit" || value_ == "binary") {
    encoding_ = Encoding::Identity;
  } else if (value_ == "base64") {
    encoding_ = Encoding::Base64;
  } else if (value_ == "quoted-printable") {
    encoding_ = Encoding::QuotedPrintable;
  } else {
    loose = true;
    const bool uuencode = value_ == "x-uuencode" || value_ == "uuencode" || value_ == "x-uue";
    encoding_ = uuencode ? Encoding::Uuencode : Encoding::Unknown;
  }
  if (loose) tables_.raise(part_, Flag::EncodingUnknown, offset);
}

void PartHeader::content_disposition(std::string_view value, std::uint64_t offset) {
  const FieldFaults faults{tables_, part_, offset};
  std::size_t at = 0;
  if (skip_comments(value, at)) faults.raise(Flag::ParameterSyntax);
  const std::string_view token = read_token(value, at);
  if (token.empty()) faults.raise(Flag::ParameterSyntax);
  const Disposition disposition = equal_caseless(token, "inline")       ? Disposition::Inline
                                  : equal_caseless(token, "attachment") ? Disposition::Attachment
                                                                        : Disposition::Other;
  tables_.part(part_).disposition = static_cast<std::uint32_t>(disposition);
  parameters_.parse(value.substr(at));
  // RFC 7578 §4.2: the name of form-data is that of the field in the form.
  if (!read_name("filename", disposition_name_, faults) && !equal_caseless(token, "form-data"))
    read_name("name", disposition_name_, faults);
  raise_notes(faults);
}

/// The value by RFC 2231 goes first, since only it can carry every name.
bool PartHeader::read_name(std::string_view name, FileName& file, const FieldFaults& faults) {
  file.offset = faults.offset;
  const bool extended = parameters_.extended(name, file.text);
  const bool plain = parameters_.plain(name, value_);
  if (!plain) {
    if (extended && has_odd_characters(file.text)) faults.raise(Flag::FilenameControl);
    return extended;
  }
  HeaderText::Notes notes;
  const std::string_view text = header_text_.decode(value_, notes);
  if (notes.encoded) faults.raise(Flag::ParameterEncodedWord);
  if (notes.broken) faults.raise(Flag::EncodedWord);
  if (has_odd_characters(value_) || has_odd_characters(text)) faults.raise(Flag::FilenameControl);
  if (!extended) {
    file.text.assign(text);
    return true;
  }
  if (has_odd_characters(file.text)) faults.raise(Flag::FilenameControl);
  if (text != file.text) parameters_.doubt_continuation();
  return true;
}

void PartHeader::content_id(std::string_view value) {
  std::string_view id = trim(header_text_.unfold(value));
  if (!id.empty() && id.front() == '<') id.remove_prefix(1);
  if (!id.empty() && id.back() == '>') id.remove_suffix(1);
  const StringRange range = tables_.keep(id.substr(0, longest_id));
  tables_.part(part_).id_start = range.start;
  tables_.part(part_).id_end = range.end;
}

void PartHeader::decide_kind() {
  const std::string_view type = type_;
  const bool encoded = encoding_ == Encoding::Base64 || encoding_ == Encoding::QuotedPrintable ||
                       encoding_ == Encoding::Uuencode;
  if (type.substr(0, 10) == "multipart/") {
    kind_ = boundary_.empty() ? PartKind::Text : PartKind::Multipart;
    if (encoded) tables_.raise(part_, Flag::EncodingComposite, type_offset_);
  } else if (type == "message/rfc822" || type == "message/global" || type == "message/news") {
    // Its octets are searched as those of a file, then: no program agrees with another about them.
    kind_ = encoded ? PartKind::Other : PartKind::Message;
    if (encoded) tables_.raise(part_, Flag::EncodingComposite, type_offset_);
  } else if (type == "text/html" || type == "application/xhtml+xml") {
    kind_ = PartKind::Html;
  } else if (type == "message/partial" || type == "message/external-body") {
    kind_ = PartKind::Text;
    tables_.raise(part_, Flag::MessageElsewhere, type_offset_);
  } else if (type.substr(0, 5) == "text/" || type.substr(0, 8) == "message/") {
    kind_ = PartKind::Text;  // reports and the like are shown as text
  } else {
    kind_ = PartKind::Other;
  }
}

std::string_view PartHeader::file_name() const {
  const FileName& chosen = disposition_name_.text.empty() ? type_name_ : disposition_name_;
  return last_octets(chosen.text, longest_file_name);
}

void PartHeader::file_names() {
  const FileName& chosen = disposition_name_.text.empty() ? type_name_ : disposition_name_;
  if (!type_name_.text.empty() && !disposition_name_.text.empty() && type_name_.text != disposition_name_.text)
    tables_.raise(part_, Flag::FilenameDisagrees, disposition_name_.offset);
  if (chosen.text.size() > longest_file_name) tables_.raise(part_, Flag::FilenameControl, chosen.offset);
  const StringRange range = tables_.keep(file_name());
  tables_.part(part_).filename_start = range.start;
  tables_.part(part_).filename_end = range.end;
}

void PartHeader::finish() {
  const auto has = [this](Known which) { return (seen_ >> which & 1) != 0; };
  if (message_ && !version_ && (has(Type) || has(TransferEncoding) || has(Version)))
    tables_.raise(part_, Flag::MimeVersion, tables_.part(part_).header_start);
  decide_kind();
  const StringRange type = tables_.keep(type_);
  const StringRange charset = tables_.keep(charset_);
  PartRow& row = tables_.part(part_);
  row.kind = static_cast<std::uint32_t>(kind_);
  row.encoding = static_cast<std::uint32_t>(encoding_);
  row.type_start = type.start;
  row.type_end = type.end;
  row.charset_start = charset.start;
  row.charset_end = charset.end;
  file_names();
}

}  // namespace sluice
