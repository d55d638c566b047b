// Pairs of octets whose character the Encoding Standard has otherwise than ICU.
#pragma once
#include <cstdint>
#include <span>

#include "decoding/charset_label.h"

namespace sluice {

struct PairException {
  std::uint16_t octets;
  char16_t character;
};

/// By family; empty for those in which ICU and the standard agree.
std::span<const PairException> pair_exceptions(Family family);

}  // namespace sluice
