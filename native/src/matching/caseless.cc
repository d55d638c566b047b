#include "matching/caseless.h"

#include <unicode/uchar.h>

#include <map>

#include "matching/utf8.h"

namespace sluice {
namespace {

constexpr std::uint32_t first_beyond_ascii = 0x80;
/// No letter with two cases stands beyond the first two planes.
constexpr std::uint32_t last_cased = 0x1ffff;

/// Classes of more than one code point. Made once a compile that needs them: 10 ms.
std::map<std::uint32_t, std::vector<std::uint32_t>> classes() {
  std::map<std::uint32_t, std::vector<std::uint32_t>> all;
  for (std::uint32_t point = first_beyond_ascii; point <= last_cased; ++point) {
    const std::uint32_t common = case_class(point);
    if (common == point) continue;
    auto& members = all[common];
    if (members.empty() && case_class(common) == common) members.push_back(common);
    members.push_back(point);
  }
  return all;
}

}  // namespace

std::uint32_t case_class(std::uint32_t point) {
  if (point < first_beyond_ascii) return point;
  const UChar32 upper = u_toupper(static_cast<UChar32>(point));
  const auto lower = static_cast<std::uint32_t>(u_tolower(upper));
  return lower < first_beyond_ascii ? point : lower;
}

std::vector<Spellings> spellings_of(std::string_view text, bool caseless) {
  std::vector<Spellings> all;
  std::map<std::uint32_t, std::vector<std::uint32_t>> known;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text[0]);
    const std::string_view character = text.substr(0, length);
    const std::uint32_t point = length == 0 || length > text.size() ? no_point : utf8_point(character);
    if (point == no_point) return {};
    text.remove_prefix(length);
    Spellings& spellings = all.emplace_back();
    spellings.emplace_back(character);
    if (!caseless || point < first_beyond_ascii) continue;
    if (known.empty()) known = classes();
    const auto members = known.find(case_class(point));
    if (members == known.end()) continue;
    for (const std::uint32_t member : members->second) {
      if (member != point) utf8_append(spellings.emplace_back(), member);
    }
  }
  return all;
}

}  // namespace sluice
