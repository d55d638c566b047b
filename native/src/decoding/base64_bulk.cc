#include "decoding/base64_bulk.h"

#include <immintrin.h>

#include <bit>

namespace sluice::base64 {

namespace {

/// A sextet at each of the four places of a group, or a number with `bad` in it.
constexpr std::uint32_t bad = 0x8000'0000;

struct Places {
  std::array<std::uint32_t, 256> first, second, third, fourth;
};

constexpr Places places = [] {
  Places tables{};
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t value = values[i];
    const bool none = value >= blank;
    tables.first[i] = none ? bad : value << 18;
    tables.second[i] = none ? bad : value << 12;
    tables.third[i] = none ? bad : value << 6;
    tables.fourth[i] = none ? bad : value;
  }
  return tables;
}();

inline std::size_t blanks(const char* in, std::size_t at, std::size_t size) {
  while (at < size && values[static_cast<unsigned char>(in[at])] == blank) ++at;
  return at;
}

}  // namespace

Progress bulk_scalar(const char* in, std::size_t size, char* out, std::size_t room) {
  std::size_t at = 0;
  std::size_t written = 0;
  for (;;) {
    while (size - at >= 4 && written + 3 <= room) {
      const std::uint32_t group = places.first[static_cast<unsigned char>(in[at])] |
                                  places.second[static_cast<unsigned char>(in[at + 1])] |
                                  places.third[static_cast<unsigned char>(in[at + 2])] |
                                  places.fourth[static_cast<unsigned char>(in[at + 3])];
      if ((group & bad) != 0) break;
      out[written] = static_cast<char>(group >> 16);
      out[written + 1] = static_cast<char>(group >> 8);
      out[written + 2] = static_cast<char>(group);
      at += 4;
      written += 3;
    }
    const std::size_t next = blanks(in, at, size);
    if (next == at) return {at, written};
    at = next;
  }
}

Progress bulk_avx2(const char* in, std::size_t size, char* out, std::size_t room) {
  return bulk_scalar(in, size, out, room);
}

Bulk choose_bulk() { return __builtin_cpu_supports("avx2") ? bulk_avx2 : bulk_scalar; }

}  // namespace sluice::base64
