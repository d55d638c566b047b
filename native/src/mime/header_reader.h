// The header of one part, line by line: fields, their continuations, and where the header ends.
//
// Promises: linear; at most one field is held, no longer than limits.header; each field is a row and a record of zone
// `header`. The header ends at an empty line, or before a line that is no field: what stands there is body then.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "matching/zone_streams.h"
#include "mime/encoded_word.h"
#include "mime/part_header.h"
#include "mime/tables.h"

namespace sluice {

class HeaderReader {
 public:
  enum class Next : std::uint8_t { Line, Body, BodyAtLine };

  HeaderReader(Tables& tables, ZoneStreams& zones) : tables_(tables), zones_(zones), header_(tables) {}

  void begin(std::uint32_t part, std::uint64_t start, bool message, bool digest);
  /// A line with its break, if it has one. `Body`: it ended the header; `BodyAtLine`: it is the first line of the body.
  Next line(std::string_view line, std::uint64_t offset);
  /// No more lines come; the row of the part is filled.
  void finish();
  const PartHeader& header() const { return header_; }

 private:
  void finish_field();
  bool begin_field(std::string_view text, std::uint64_t offset);
  void keep_field(std::string_view name, std::string_view value);

  Tables& tables_;
  ZoneStreams& zones_;
  PartHeader header_;
  HeaderText text_;
  std::uint32_t part_ = 0;
  std::uint64_t start_ = 0;
  bool large_ = false;
  bool open_ = false;  // a field that may be continued
  std::string field_;  // as on the wire, without the last line break
  std::string name_;   // in lower case
  std::string_view line_break_;
  std::size_t colon_ = 0;
  std::uint64_t field_start_ = 0;
};

/// CRLF, LF or nothing, at the end of a line.
std::string_view line_break_of(std::string_view line);

}  // namespace sluice
