// What a scan found, as the border hands it over (src/scanner/scanner.ts, ScanOutput).
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "layout.h"

namespace sluice {

struct Output {
  std::uint64_t size = 0;
  std::vector<PartRow> parts;
  std::vector<FieldRow> fields;
  std::vector<TextRow> texts;
  std::vector<LinkRow> links;
  std::vector<FlagRow> flags;
  std::vector<MatchRow> matches;
  std::string strings;
  /// What `texts` point into: the zones one behind the other. A scan leaves each in the buffer that it grew in, since who
  /// needs them in one run copies them anyway.
  std::array<std::string, zone_count> zones;
  /// The same in one run, where the tables come from JavaScript.
  std::string text;
};

struct Limits {
  std::uint32_t depth = 16;
  std::uint32_t parts = 1'000;
  std::uint32_t fields = 5'000;
  std::uint32_t header = 262'144;
  std::uint32_t links = 2'000;
  std::uint32_t link = 4'096;
  std::uint32_t kept = 1'048'576;
  std::uint32_t matches = 65'536;
};

}  // namespace sluice
