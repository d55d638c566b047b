// A digest of 128 bits that tells a torn or changed image from a whole one, at memory speed.
//
// Promises: whatever changes within one 8-octet word always changes the digest; anything else does but for chance.
// Leaves out: malice. Who can write the file of an image can write its digest too.
#pragma once
#include <compare>
#include <cstdint>
#include <string_view>

namespace sluice {

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Digest&) const = default;
};

Digest digest_of(std::string_view octets);

}  // namespace sluice
