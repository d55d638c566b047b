#include "matching/digest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace sluice {
namespace {

/// Odd, so that multiplying loses nothing.
constexpr std::uint64_t spread = 0x9e37'79b9'7f4a'7c15;
constexpr std::size_t lanes = 4;

/// Reversible in `state` for any `word`: a difference never disappears.
constexpr std::uint64_t step(std::uint64_t state, std::uint64_t word) {
  return std::rotl(state ^ word, 29) * spread;
}

constexpr std::uint64_t stir(std::uint64_t value) {
  value = (value ^ (value >> 31U)) * spread;
  return (value ^ (value >> 29U)) * spread;
}

}  // namespace

Digest digest_of(std::string_view octets) {
  std::array<std::uint64_t, lanes> states{1, 2, 3, 4};
  std::array<std::uint64_t, lanes> words;
  std::uint64_t length = octets.size();
  while (!octets.empty()) {
    words = {};
    const std::size_t size = std::min(octets.size(), sizeof words);
    std::memcpy(words.data(), octets.data(), size);
    octets.remove_prefix(size);
    for (std::size_t lane = 0; lane < lanes; ++lane) states[lane] = step(states[lane], words[lane]);
  }
  Digest digest{.high = length, .low = ~length};
  for (const std::uint64_t state : states) {
    digest.high = stir(step(digest.high, state));
    digest.low = stir(step(digest.low + state, ~state));
  }
  return digest;
}

}  // namespace sluice
