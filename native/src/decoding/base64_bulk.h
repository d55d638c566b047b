// The fast part of base64: whole groups of four and the line ends between them.
//
// Promises: reads only what is whole groups of the alphabet and white space between groups, and stops before anything else;
// writes at most `room` octets that count and may overwrite `slack` more behind them; never reads behind the input.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::base64 {

/// In `values`: white space, and anything else that is no sextet.
inline constexpr std::uint8_t blank = 64;
inline constexpr std::uint8_t foreign = 65;

inline constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(foreign);
  for (std::uint8_t i = 0; i < 26; ++i) {
    table['A' + i] = i;
    table['a' + i] = static_cast<std::uint8_t>(26 + i);
  }
  for (std::uint8_t i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(52 + i);
  table['+'] = 62;
  table['/'] = 63;
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = blank;
  return table;
}();

inline constexpr std::size_t slack = 64;

struct Progress {
  std::size_t read;
  std::size_t written;
};

using Bulk = Progress (*)(const char* in, std::size_t size, char* out, std::size_t room);

Progress bulk_scalar(const char* in, std::size_t size, char* out, std::size_t room);
/// Needs AVX2.
Progress bulk_avx2(const char* in, std::size_t size, char* out, std::size_t room);

/// The fastest that this processor has.
Bulk choose_bulk();

}  // namespace sluice::base64
