// What a short text looks like, without what it says: `<20240131.x9K2@mail>` and `<19991224.q3B7@host>` look
// the same.
//
// Promises: bounded by `longest_shape`; the same for src/scanner/features/shapes.ts.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/hash.h"

namespace sluice {

inline constexpr std::size_t longest_shape = 32;

class Shape {
 public:
  /// A run of ASCII letters and digits becomes what it is made of (`a` small, `A` capital, `0` digits, `x`
  /// small and digits, `X` capital and digits, `m` small and capital, `M` all three) and its length in base
  /// 36, `z` for more; a run of octets above 127 becomes `u`; of others each is kept, but once where it
  /// repeats.
  explicit Shape(std::string_view text);
  std::string_view text() const { return {octets_.data(), size_}; }
  std::uint32_t hash() const { return hash_of(text()); }

 private:
  std::array<char, longest_shape> octets_{};
  std::size_t size_ = 0;
};

/// ASCII in lower case, up to 255 octets: for names that are compared, such as domains.
class Lowered {
 public:
  explicit Lowered(std::string_view text);
  std::string_view text() const { return {octets_.data(), size_}; }

 private:
  std::array<char, 255> octets_;
  std::size_t size_;
};

std::string_view trimmed(std::string_view text);

/// How large, in powers of two: 0, 1, 2 for 2–3, 3 for 4–7…
constexpr std::uint32_t bin_of(std::uint64_t number) {
  return static_cast<std::uint32_t>(std::bit_width(number));
}

/// How much there is of one for the other, in powers of two: 8 for as much, 7 for half as much, 0 for none.
constexpr std::uint32_t ratio_of(std::uint64_t part, std::uint64_t whole) {
  if (part == 0) return 0;
  return 1 + bin_of(part * 64 / (whole == 0 ? 1 : whole));
}

}  // namespace sluice
