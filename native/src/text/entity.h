// Character references of HTML: `&amp;`, `&#8364;`, `&#x20ac;` (https://html.spec.whatwg.org/#character-reference-state).
//
// Promises: linear, at most 32 octets are held. All 2,231 names are known; entity_table.inc holds them, made from the data
// that the TypeScript scanner uses, so that the two cannot differ.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::text {

struct Entity {
  std::string_view name;
  std::string_view text;
  /// Also known without its semicolon.
  bool legacy;
};

class CharacterReference {
 public:
  enum class Step : std::uint8_t {
    More,    // taken
    Last,    // taken, and complete with it
    Behind,  // not taken: it was complete before
  };

  /// An ampersand was read.
  void begin();
  Step take(char c);
  /// Appends what it stands for, and what was read and is no part of it. `next` is the octet behind, 0 at the end of the
  /// text. In attributes a name without semicolon before `=` or a letter or digit stands for itself.
  void resolve(bool in_attribute, char next, std::string& out) const;
  /// Whether that was a plain letter or digit written as a number.
  bool obscures() const;

 private:
  enum class State : std::uint8_t { Start, Name, Hash, HexStart, Decimal, Hexadecimal };

  void resolve_name(bool in_attribute, char next, std::string& out) const;

  State state_ = State::Start;
  bool semicolon_ = false;
  std::uint32_t code_ = 0;
  std::array<char, 32> name_{};
  std::size_t size_ = 0;
};

}  // namespace sluice::text
