// From UTF-8 to words: what white space separates, without punctuation at its ends, folded; an address, a URL
// and what is longer than `longest_word` are each one and the same word; a script without spaces gives its
// pairs of characters.
//
// Promises: linear; memory of one word; the same for src/scanner/features/words.ts.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/characters.h"
#include "model/hash.h"

namespace sluice {

/// In characters.
inline constexpr std::uint32_t longest_word = 30;

/// What was seen on the way, for the features of structure.
struct TextTally {
  std::uint32_t words = 0;
  std::uint32_t capitals = 0;  // words in capitals: three ASCII letters or more, none of them small
  std::uint32_t numbers = 0;   // words with a digit
  std::uint32_t exclamations = 0;
  std::uint32_t currencies = 0;
  std::uint32_t symbols = 0;
  std::uint32_t disguised = 0;  // characters that stand for a plain letter or digit
  std::uint32_t mixed = 0;      // words with Latin letters and such as look like them
  std::uint32_t overlong = 0;
  std::array<std::uint32_t, script_count> scripts{};  // words by their first letter
};

class WordSink {
 public:
  virtual ~WordSink() = default;
  /// `joins`: it follows the word before it closely enough to be a pair.
  virtual void word(std::uint32_t hash, bool joins) = 0;
};

/// One text after another; words never reach from one to the next.
class WordReader {
 public:
  explicit WordReader(WordSink& sink) : sink_(sink) {}
  void read(std::string_view text);
  const TextTally& tally() const { return tally_; }
  void reset() { tally_ = {}; }

 private:
  std::size_t take_run(std::string_view text, std::size_t at);
  void take_beyond_ascii(char32_t code);
  void take_punctuation(char32_t code);
  void take_letter(char32_t code);
  void take_script(Script script);
  void keep();
  void append(char32_t code);
  void take_dense(char32_t code);
  void end_dense();
  void end_word();
  void send_lone(char32_t first, char32_t second);
  std::uint32_t hash_of_word();

  WordSink& sink_;
  TextTally tally_;
  /// With what `hash_of_padded` may read behind it.
  std::array<char, longest_word * 4 + 4> word_{};
  std::size_t size_ = 0;
  /// `size_` and `characters_` as they were behind the last character of class Word.
  std::size_t kept_ = 0;
  std::uint32_t kept_characters_ = 0;
  std::uint32_t characters_ = 0;
  std::uint32_t capitals_ = 0;
  std::uint32_t scripts_ = 0;  // a bit for each
  Script script_ = Script::Other;
  bool small_ = false;
  bool digit_ = false;
  bool colon_ = false;
  bool at_pending_ = false;
  bool at_ = false;
  bool joins_ = false;
  char32_t dense_ = 0;
  std::uint32_t dense_run_ = 0;
};

}  // namespace sluice
