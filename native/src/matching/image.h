// A compiled set of patterns as octets: what the compiling process writes, a cache stores and a scanner loads.
//
// Promises: reading never trusts a length; whatever is not exactly what `write_image` wrote with this format, for this
// library and this processor, is refused with a reason.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matching/digest.h"
#include "matching/pattern_database.h"
#include "matching/platform.h"

namespace sluice {

/// One database as hs_serialize_database writes it.
struct ImagePart {
  ZoneSet zones = 0;
  std::uint32_t patterns = 0;
  std::string database;
};

/// `made_for`: where the databases were compiled.
std::string write_image(const Platform& made_for, const std::vector<ImagePart>& parts,
                        const std::vector<PatternFacts>& facts, const std::vector<Verdict>& verdicts,
                        const std::vector<std::uint32_t>& heads);

/// Checks the outside of an image: its kind, its length, where it can be used, its digest.
struct CheckedImage {
  Digest digest;
  /// Why it is refused; empty when it is not.
  std::string refusal;
};

CheckedImage check_image(std::string_view image);

/// What an image that begins with these octets says its digest is; nothing when no image begins so. Looks at the first
/// octets only.
std::optional<Digest> claimed_digest(std::string_view image);

/// Loads an image that `check_image` did not refuse.
LoadedPatterns read_image(std::string_view image);

}  // namespace sluice
