// What the header of a part says about its body: media type, encoding, disposition, names, boundary.
//
// Promises: of a field that must occur once the first counts; what is missing or broken has the default of RFC 2045 §5.2;
// a multipart that cannot be taken apart is read as text, so that its content is seen.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "layout.h"
#include "mime/encoded_word.h"
#include "mime/parameters.h"
#include "mime/tables.h"

namespace sluice {

class PartHeader {
 public:
  explicit PartHeader(Tables& tables) : tables_(tables) {}

  /// `message`: the header of a message, not only of a part of one. `digest`: of a part in a multipart/digest.
  void begin(std::uint32_t part, bool message, bool digest);
  /// `name` in lower case, `value` as on the wire.
  void field(std::string_view name, std::string_view value, std::uint64_t offset);
  /// The header is complete: fills the row of the part.
  void finish();

  PartKind kind() const { return kind_; }
  Encoding encoding() const { return encoding_; }
  /// No encoding that allows octets above 127.
  bool claims_7bit() const { return claims_7bit_; }
  bool is_digest() const { return type_ == "multipart/digest"; }
  bool is_plain() const { return type_ == "text/plain"; }
  std::string_view boundary() const { return boundary_; }
  std::string_view charset() const { return charset_; }
  /// Of the file, as in the row of the part.
  std::string_view file_name() const;
  /// Where Content-Type stands.
  std::uint64_t type_offset() const { return type_offset_; }

 private:
  struct FileName {
    std::string text;
    std::uint64_t offset = 0;
  };

  void content_type(std::string_view value, std::uint64_t offset);
  void content_encoding(std::string_view value, std::uint64_t offset);
  void content_disposition(std::string_view value, std::uint64_t offset);
  void content_id(std::string_view value);
  void read_boundary(const FieldFaults& faults);
  bool read_octets(std::string_view name, std::string& value);
  bool read_name(std::string_view name, FileName& file, const FieldFaults& faults);
  void raise_notes(const FieldFaults& faults) const;
  void decide_kind();
  void file_names();

  Tables& tables_;
  Parameters parameters_;
  HeaderText header_text_;
  std::uint32_t part_ = 0;
  bool message_ = false;
  std::uint32_t seen_ = 0;
  bool version_ = false;
  std::string type_;
  std::uint64_t type_offset_ = 0;
  std::string boundary_;
  std::string charset_;
  FileName type_name_;         // name of Content-Type
  FileName disposition_name_;  // filename of Content-Disposition
  std::string value_;
  PartKind kind_ = PartKind::Text;
  Encoding encoding_ = Encoding::Identity;
  bool claims_7bit_ = true;
};

}  // namespace sluice
