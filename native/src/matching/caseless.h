// Which letters are the same when case does not matter.
//
// Promises: letters of ASCII are the same as each other only (the Kelvin sign is no k), so that a phrase in ASCII stays a
// plain string for the search; any other letter is the same as those with the same lower case of their upper case (simple
// mappings of Unicode). src/scanner/typescript/matching/caseless.ts says the same.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What all code points of a class have in common; of ASCII each is its own.
std::uint32_t case_class(std::uint32_t point);

/// As `case_class`, and letters of ASCII are small.
inline std::uint32_t folded(std::uint32_t point) {
  return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : case_class(point);
}

/// The spellings of one character of a literal, in UTF-8; the first is the character itself.
using Spellings = std::vector<std::string>;

/// One element a character. Without `caseless` each has one spelling. ASCII letters have one in any case: their other case is
/// the business of the search. Empty when `text` is no UTF-8.
std::vector<Spellings> spellings_of(std::string_view text, bool caseless);

}  // namespace sluice
