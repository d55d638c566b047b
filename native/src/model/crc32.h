// CRC-32 as zlib and Node's `zlib.crc32` compute it (ISO 3309): against torn files, not against people.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice {

std::uint32_t crc32(std::span<const std::uint8_t> octets);

}  // namespace sluice
