#include "model/crc32.h"

#include <array>

namespace sluice {

namespace {

constexpr std::size_t slices = 8;

/// Row n: what an octet does to the sum n octets later. Eight octets are then eight look-ups that do not wait
/// for another.
constexpr auto tables = [] {
  std::array<std::array<std::uint32_t, 256>, slices> rows{};
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    std::uint32_t sum = octet;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb8'8320U : 0U);
    rows[0][octet] = sum;
  }
  for (std::size_t row = 1; row < slices; ++row)
    for (std::size_t octet = 0; octet < 256; ++octet)
      rows[row][octet] = rows[row - 1][octet] >> 8 ^ rows[0][rows[row - 1][octet] & 0xff];
  return rows;
}();

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> octets) {
  std::uint32_t sum = 0xffff'ffffU;
  while (octets.size() >= slices) {
    std::uint32_t next = 0;
    for (std::uint32_t index = 0; index < slices; ++index) {
      const std::uint32_t mixed = octets[index] ^ (index < 4 ? sum >> (8 * index) & 0xff : 0);
      next ^= tables[slices - 1 - index][mixed];
    }
    sum = next;
    octets = octets.subspan(slices);
  }
  for (const std::uint8_t octet : octets) sum = sum >> 8 ^ tables[0][(sum ^ octet) & 0xff];
  return ~sum;
}

}  // namespace sluice
