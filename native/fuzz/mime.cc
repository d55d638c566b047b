// libFuzzer: any octets as a message. Nothing may crash or be read out of bounds, and no table may depend on how the
// message was cut.
//
// The first octets say how: one for small limits, one for the size of the pieces, the rest is the message.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "matching/zone_streams.h"
#include "mime/mime_scanner.h"

namespace {

using namespace sluice;

struct Scan {
  explicit Scan(const Limits& limits)
      : zones(make_zone_streams(nullptr, limits, nullptr)), scanner(make_mime_scanner(*zones, limits)) {}

  /// In pieces of `first`, `first` + 1, … octets; 0: in one.
  Output run(std::string_view message, std::size_t first) const {
    std::size_t size = first == 0 ? message.size() + 1 : first;
    while (!message.empty()) {
      scanner->write(message.substr(0, size));
      message.remove_prefix(std::min(size, message.size()));
      ++size;
    }
    Output output;
    scanner->end(output);
    return output;
  }

  std::unique_ptr<ZoneStreams> zones;
  std::unique_ptr<MimeScanner> scanner;
};

template <typename Row>
bool same(const std::vector<Row>& a, const std::vector<Row>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Row)) == 0);
}

void check(bool good) {
  if (!good) std::abort();
}

template <typename Row>
void check_ranges(const std::vector<Row>& rows, std::uint32_t Row::*start, std::uint32_t Row::*end, std::size_t size) {
  for (const Row& row : rows) check(row.*start <= row.*end && row.*end <= size);
}

/// What every reader of the tables relies on.
void check_tables(const Output& out, const Limits& limits) {
  check(!out.parts.empty() && out.parts.size() <= limits.parts && out.fields.size() <= limits.fields);
  check(out.links.size() <= limits.links);
  for (std::size_t row = 0; row < out.parts.size(); ++row) {
    const PartRow& part = out.parts[row];
    check(row == 0 ? part.parent == none : part.parent < row);
    check(part.depth <= limits.depth && part.kind <= static_cast<std::uint32_t>(PartKind::Other));
  }
  check_ranges(out.parts, &PartRow::header_start, &PartRow::body_start, out.size);
  check_ranges(out.parts, &PartRow::body_start, &PartRow::body_end, out.size);
  check_ranges(out.parts, &PartRow::type_start, &PartRow::type_end, out.strings.size());
  check_ranges(out.parts, &PartRow::charset_start, &PartRow::charset_end, out.strings.size());
  check_ranges(out.parts, &PartRow::filename_start, &PartRow::filename_end, out.strings.size());
  check_ranges(out.parts, &PartRow::id_start, &PartRow::id_end, out.strings.size());
  check_ranges(out.parts, &PartRow::head_start, &PartRow::head_end, out.strings.size());
  check_ranges(out.fields, &FieldRow::start, &FieldRow::colon, out.size);
  check_ranges(out.fields, &FieldRow::colon, &FieldRow::end, out.size);
  check_ranges(out.fields, &FieldRow::name_start, &FieldRow::name_end, out.strings.size());
  std::size_t kept = 0;
  for (const std::string& zone : out.zones) kept += zone.size();
  check_ranges(out.texts, &TextRow::kept_start, &TextRow::kept_end, kept);
  for (const FlagRow& flag : out.flags) check(flag.part < out.parts.size() && flag.offset <= out.size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const Limits usual{};
  static const Limits small{.depth = 3, .parts = 5, .fields = 8, .header = 300, .links = 3, .link = 40, .kept = 500};
  static const Scan scans[] = {Scan(usual), Scan(small)};
  const Scan& scan = scans[data[0] % 2];
  const std::string_view message(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Output whole = scan.run(message, 0);
  check_tables(whole, data[0] % 2 == 0 ? usual : small);
  const Output cut = scan.run(message, 1 + data[1]);
  check(whole.size == cut.size && same(whole.parts, cut.parts) && same(whole.fields, cut.fields));
  check(same(whole.texts, cut.texts) && same(whole.links, cut.links) && same(whole.flags, cut.flags));
  check(whole.strings == cut.strings && whole.zones == cut.zones);
  return 0;
}
