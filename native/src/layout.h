// The tables that a scan returns, as numbers. What each column means: src/scanner/layout.ts, which this file repeats for C++.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// For "there is none", in every column.
inline constexpr std::uint32_t none = 0xffff'ffff;

enum class Zone : std::uint8_t { Header, Text, Hidden, Source, Attachment, Url, Address, Wire, Filename };
inline constexpr std::string_view zone_names[] = {"header", "text", "hidden", "source", "attachment", "url", "address", "wire", "filename"};

enum class PartKind : std::uint8_t { Text, Html, Multipart, Message, Other };
inline constexpr std::string_view part_kind_names[] = {"text", "html", "multipart", "message", "other"};

enum class Encoding : std::uint8_t { Identity, Base64, QuotedPrintable, Uuencode, Unknown };
inline constexpr std::string_view encoding_names[] = {"identity", "base64", "quoted-printable", "uuencode", "unknown"};

enum class Disposition : std::uint8_t { None, Inline, Attachment, Other };
inline constexpr std::string_view disposition_names[] = {"none", "inline", "attachment", "other"};

enum class LinkOrigin : std::uint8_t { Text, Markup };
inline constexpr std::string_view link_origin_names[] = {"text", "markup"};

inline constexpr std::size_t zone_count = sizeof zone_names / sizeof *zone_names;

struct PartRow {
  std::uint32_t parent;
  std::uint32_t kind;
  std::uint32_t depth;
  std::uint32_t header_start;
  std::uint32_t body_start;
  std::uint32_t body_end;
  std::uint32_t encoding;
  std::uint32_t disposition;
  std::uint32_t decoded_size;
  std::uint32_t type_start;
  std::uint32_t type_end;
  std::uint32_t charset_start;
  std::uint32_t charset_end;
  std::uint32_t filename_start;
  std::uint32_t filename_end;
  std::uint32_t id_start;
  std::uint32_t id_end;
  std::uint32_t head_start;
  std::uint32_t head_end;
};
inline constexpr std::string_view part_columns[] = {
    "parent", "kind", "depth", "headerStart", "bodyStart", "bodyEnd", "encoding", "disposition", "decodedSize", "typeStart", "typeEnd", "charsetStart", "charsetEnd", "filenameStart", "filenameEnd", "idStart", "idEnd", "headStart", "headEnd"};
static_assert(sizeof(PartRow) == sizeof(std::uint32_t) * (sizeof part_columns / sizeof *part_columns));

struct FieldRow {
  std::uint32_t part;
  std::uint32_t start;
  std::uint32_t colon;
  std::uint32_t end;
  std::uint32_t name_start;
  std::uint32_t name_end;
  std::uint32_t text_start;
  std::uint32_t text_end;
};
inline constexpr std::string_view field_columns[] = {
    "part", "start", "colon", "end", "nameStart", "nameEnd", "textStart", "textEnd"};
static_assert(sizeof(FieldRow) == sizeof(std::uint32_t) * (sizeof field_columns / sizeof *field_columns));

struct TextRow {
  std::uint32_t part;
  std::uint32_t zone;
  std::uint32_t size;
  std::uint32_t words;
  std::uint32_t kept_start;
  std::uint32_t kept_end;
};
inline constexpr std::string_view text_columns[] = {
    "part", "zone", "size", "words", "keptStart", "keptEnd"};
static_assert(sizeof(TextRow) == sizeof(std::uint32_t) * (sizeof text_columns / sizeof *text_columns));

struct LinkRow {
  std::uint32_t part;
  std::uint32_t zone;
  std::uint32_t origin;
  std::uint32_t start;
  std::uint32_t end;
};
inline constexpr std::string_view link_columns[] = {
    "part", "zone", "origin", "start", "end"};
static_assert(sizeof(LinkRow) == sizeof(std::uint32_t) * (sizeof link_columns / sizeof *link_columns));

struct FlagRow {
  std::uint32_t flag;
  std::uint32_t part;
  std::uint32_t offset;
};
inline constexpr std::string_view flag_columns[] = {
    "flag", "part", "offset"};
static_assert(sizeof(FlagRow) == sizeof(std::uint32_t) * (sizeof flag_columns / sizeof *flag_columns));

struct MatchRow {
  std::uint32_t pattern;
  std::uint32_t part;
  std::uint32_t zone;
  std::uint32_t start;
  std::uint32_t end;
  std::uint32_t word;
};
inline constexpr std::string_view match_columns[] = {
    "pattern", "part", "zone", "start", "end", "word"};
static_assert(sizeof(MatchRow) == sizeof(std::uint32_t) * (sizeof match_columns / sizeof *match_columns));

/// One row, for whoever needs no tables.
inline constexpr std::string_view brief_columns[] = {"sizeLow", "sizeHigh", "parts", "flagsLow", "flagsHigh"};

}  // namespace sluice
