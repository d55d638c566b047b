// What a character is in a word: six classes, and which characters are written for one another.
//
// One small table of our own instead of a library, for C++ and JavaScript have to agree on every code point
// and their libraries know different versions of Unicode. src/scanner/features/characters.ts has the same
// table; a test compares all 1,114,112 code points, and those folded with the lower case of Unicode.
// Leaves out: normalisation beyond letters that are written to look like others (full width, mathematical,
// circled).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

enum class CharacterClass : std::uint8_t {
  Space,    // ends a word
  Punct,    // belongs to a word only between two of its letters
  Word,     // letters, marks, digits, currency, and all that is not known better
  Dense,    // of a script that is written without spaces
  Symbol,   // a word by itself: arrows, emoji, private use
  Nothing,  // not there: characters without width
};

enum class Script : std::uint8_t { Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, Dense, Hangul, Other };
inline constexpr std::size_t script_count = 9;

struct Character {
  /// Folded: lower case, plain letter, `0` for a digit.
  char32_t code;
  CharacterClass kind;
};

Character read_character(char32_t code);
Script script_of(char32_t folded);

/// Decodes strictly (RFC 3629); an octet that belongs to no character is U+FFFD, by itself. `at` is moved
/// behind it.
char32_t next_character(std::string_view text, std::size_t& at);

}  // namespace sluice
