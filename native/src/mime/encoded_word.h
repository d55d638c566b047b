// The value of a header field as people read it: unfolded, encoded words undone (RFC 2047), UTF-8.
//
// Promises: linear; no allocation once the buffers have grown; an encoded word is undone wherever it stands, as mail
// programs do, and neighbours of one charset are joined before the charset is undone, so that a character split between
// them is whole. What was broken is told, and decoded as far as it goes.
#pragma once
#include <string>
#include <string_view>

namespace sluice {

class HeaderText {
 public:
  struct Notes {
    bool encoded = false;  // there was an encoded word
    bool broken = false;   // one of them cannot be decoded, or only against RFC 2047
    bool raw = false;      // octets above 127 that are not UTF-8
  };

  /// Value as it stands on the wire, folds included. The result is valid until the next call.
  std::string_view decode(std::string_view value, Notes& notes);
  /// The same without line breaks of folds (RFC 5322 §2.2.3) only.
  std::string_view unfold(std::string_view value);

 private:
  struct Word;
  bool read_word(std::string_view text, std::size_t at, Word& word, Notes& notes);
  void literal(std::string_view text, Notes& notes);
  void finish_words(Notes& notes);

  std::string unfolded_;
  std::string out_;
  std::string octets_;   // of the encoded words that wait for their neighbour
  std::string charset_;  // of those words
  std::string piece_;    // decoded
  std::size_t terminator_ = 0;
};

/// UTF-8 from octets of a charset; what cannot be right is read as windows-1252 where the label does not help. False then.
bool to_utf8(std::string_view label, std::string_view octets, std::string& appended, std::string& scratch);

}  // namespace sluice
