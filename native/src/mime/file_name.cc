#include "mime/file_name.h"

namespace sluice {

namespace {

/// What follows the first octet of a character of several.
bool is_odd_sequence(unsigned char first, unsigned char second, unsigned char third) {
  switch (first) {
    case 0xC2: return (second >= 0x80 && second <= 0x9F) || second == 0xAD;  // U+0080–9F, U+00AD
    case 0xD8: return second == 0x9C;                    // U+061C
    case 0xE2:
      if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xAA && third <= 0xAE);
      return second == 0x81 && third >= 0xA0 && third <= 0xAF;  // U+2060–F
    case 0xEF: return second == 0xBB && third == 0xBF;  // U+FEFF
    default: return false;
  }
}

}  // namespace

bool has_odd_characters(std::string_view name) {
  if (name.empty()) return false;
  const char last = name.back();
  if (last == '.' || last == ' ' || name.front() == ' ') return true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (c < ' ' || c == 127 || c == '/' || c == '\\') return true;
    if (c < 0xC2) continue;
    const auto second = i + 1 < name.size() ? static_cast<unsigned char>(name[i + 1]) : 0;
    const auto third = i + 2 < name.size() ? static_cast<unsigned char>(name[i + 2]) : 0;
    if (is_odd_sequence(c, static_cast<unsigned char>(second), static_cast<unsigned char>(third))) return true;
  }
  return false;
}

void write_file_name(ZoneStreams& zones, std::uint32_t part, std::string_view name) {
  if (name.empty()) return;
  zones.write(Zone::Filename, part, name);
  zones.end_record(Zone::Filename, part);
  zones.end(Zone::Filename, part);
}

}  // namespace sluice
