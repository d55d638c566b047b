// Words: what spaces and line feeds separate, and what a word is made of for those who ask what stands beside a match.
//
// Promises: linear, no allocation, 16 or 32 octets at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "layout.h"

namespace sluice {

/// The zones in which words are counted.
constexpr bool has_words(Zone zone) {
  return zone == Zone::Text || zone == Zone::Hidden || zone == Zone::Header || zone == Zone::Filename;
}

/// Counts where words begin; a word may go on in the next piece.
class WordCounter {
 public:
  void add(std::string_view piece);
  /// Words that began so far.
  std::uint32_t count() const { return count_; }
  /// The record ends, and with it the word.
  void end_record() { inside_ = false; }
  void reset() { *this = WordCounter(); }

 private:
  std::uint32_t count_ = 0;
  /// Whether the last octet belongs to a word.
  bool inside_ = false;
};

/// Whether a letter, digit, mark or underscore ends right before `text`'s end; begins right at its beginning.
/// What is no UTF-8 is none. `Unknown`: the character is cut.
enum class WordSide : std::uint8_t { No, Yes, Unknown };
WordSide word_ends(std::string_view text);
WordSide word_begins(std::string_view text);

}  // namespace sluice
