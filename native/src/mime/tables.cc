#include "mime/tables.h"

#include <algorithm>

#include "mime/octets.h"

namespace sluice {

static_assert(sizeof flag_names / sizeof *flag_names <= 64, "a part's flags are the bits of one word");

std::uint32_t Tables::add_part(std::uint32_t parent, std::uint32_t depth, std::uint64_t header_start) {
  PartRow row{};
  row.parent = parent;
  row.depth = depth;
  row.header_start = row.body_start = row.body_end = static_cast<std::uint32_t>(header_start);
  parts_.push_back(row);
  raised_.push_back(0);
  return static_cast<std::uint32_t>(parts_.size() - 1);
}

void Tables::raise(std::uint32_t part, Flag flag, std::uint64_t offset) {
  const auto bit = std::uint64_t{1} << static_cast<unsigned>(flag);
  const FlagRow row{static_cast<std::uint32_t>(flag), part, static_cast<std::uint32_t>(offset)};
  if ((raised_[part] & bit) == 0) {
    raised_[part] |= bit;
    flags_.push_back(row);
  }
}

StringRange Tables::keep(std::string_view text) {
  const auto start = static_cast<std::uint32_t>(strings_.size());
  strings_.append(text);
  return {start, static_cast<std::uint32_t>(strings_.size())};
}

StringRange Tables::keep_lower(std::string_view text) {
  const StringRange range = keep(text);
  for (std::size_t i = range.start; i < range.end; ++i) strings_[i] = lower(strings_[i]);
  return range;
}

void Tables::finish(Output& output) {
  std::sort(flags_.begin(), flags_.end(), [](const FlagRow& a, const FlagRow& b) {
    return a.part != b.part ? a.part < b.part : a.flag < b.flag;
  });
  output.parts.swap(parts_);
  output.fields.swap(fields_);
  output.links.swap(links_);
  output.flags.swap(flags_);
  output.strings.swap(strings_);
  reset();
}

void Tables::reset() {
  parts_.clear();
  raised_.clear();
  fields_.clear();
  links_.clear();
  flags_.clear();
  strings_.clear();
}

}  // namespace sluice
