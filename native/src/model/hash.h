// The hashes that features are made of: MurmurHash3 x86_32 over octets, and one that joins a kind with two
// hashes.
//
// Promises: the same in C++ and JavaScript (src/scanner/features/hash.ts), on any machine.
// Leaves out: resistance. Who knows the source can make two words share a slot; that gains as little as any
// rare word.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace sluice {

constexpr std::uint32_t finish_hash(std::uint32_t hash) {
  hash ^= hash >> 16;
  hash *= 0x85eb'ca6bU;
  hash ^= hash >> 13;
  hash *= 0xc2b2'ae35U;
  return hash ^ hash >> 16;
}

namespace murmur {

constexpr std::uint32_t mix(std::uint32_t block) {
  return std::rotl(block * 0xcc9e'2d51U, 15) * 0x1b87'3593U;
}
constexpr std::uint32_t take(std::uint32_t hash, std::uint32_t block) {
  return std::rotl(hash ^ mix(block), 13) * 5 + 0xe654'6b64U;
}

/// Little-endian, whatever the machine.
constexpr std::uint32_t load(const char* at, std::size_t octets) {
  std::uint32_t block = 0;
  if (octets == 4 && std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::memcpy(&block, at, 4);
    return block;
  }
  for (std::size_t index = 0; index < octets; ++index)
    block |= static_cast<std::uint32_t>(static_cast<unsigned char>(at[index])) << (8 * index);
  return block;
}

}  // namespace murmur

constexpr std::uint32_t hash_of(std::string_view octets) {
  std::uint32_t hash = 0;
  std::size_t index = 0;
  for (; index + 4 <= octets.size(); index += 4)
    hash = murmur::take(hash, murmur::load(octets.data() + index, 4));
  hash ^= murmur::mix(murmur::load(octets.data() + index, octets.size() - index));
  return finish_hash(hash ^ static_cast<std::uint32_t>(octets.size()));
}

/// The same where three octets behind the text may be read: it spares the look at each octet of the tail.
inline std::uint32_t hash_of_padded(std::string_view octets) {
  if constexpr (std::endian::native != std::endian::little) return hash_of(octets);
  std::uint32_t hash = 0;
  std::uint32_t block = 0;
  std::size_t index = 0;
  for (; index + 4 <= octets.size(); index += 4) {
    std::memcpy(&block, octets.data() + index, 4);
    hash = murmur::take(hash, block);
  }
  std::memcpy(&block, octets.data() + index, 4);
  block &= (1U << (8 * (octets.size() - index))) - 1;
  return finish_hash(hash ^ murmur::mix(block) ^ static_cast<std::uint32_t>(octets.size()));
}

/// A feature: what it is about, and one or two hashes.
constexpr std::uint32_t join_hashes(std::uint32_t kind, std::uint32_t first, std::uint32_t second) {
  const std::uint32_t seed = finish_hash(kind * 0x9e37'79b1U);
  return finish_hash(murmur::take(murmur::take(seed, first), second));
}

}  // namespace sluice
