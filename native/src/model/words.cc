#include "model/words.h"

#include <algorithm>
#include <bit>

namespace sluice {

namespace {

/// More is not counted.
constexpr std::uint32_t most_characters = 0x3fff'ffff;
constexpr std::uint32_t address_word = hash_of(
    "\x01"
    "address");
constexpr std::uint32_t url_word = hash_of(
    "\x01"
    "url");

constexpr std::uint32_t bit(Script script) { return 1U << static_cast<unsigned>(script); }
constexpr std::uint32_t lookalikes = bit(Script::Greek) | bit(Script::Cyrillic);

struct Utf8 {
  std::array<char, 4> octets;
  std::size_t size;
};

Utf8 encode(char32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {{static_cast<char>(code)}, 1};
  if (code < 0x800) return {{static_cast<char>(0xc0 | code >> 6), tail(0)}, 2};
  if (code < 0x10000) return {{static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)}, 3};
  return {{static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)}, 4};
}

enum Mark : std::uint8_t { is_small = 1, is_digit = 2, is_currency_sign = 4, is_ascii_letter = 8 };

struct Ascii {
  char folded;
  CharacterClass kind;
  std::uint8_t marks;
  std::uint8_t capital;
};

/// What ASCII is, without a look at the table of ranges.
struct AsciiTable {
  std::array<Ascii, 128> rows;
  AsciiTable() {
    for (std::size_t code = 0; code < rows.size(); ++code) {
      const Character character = read_character(static_cast<char32_t>(code));
      const char folded = static_cast<char>(character.code);
      const bool letter = folded >= 'a' && folded <= 'z';
      const bool capital = letter && code < 'a';
      const int marks = (letter && !capital ? is_small : 0) | (folded == '0' ? is_digit : 0) |
                        (folded == '$' ? is_currency_sign : 0) | (letter ? is_ascii_letter : 0);
      rows[code] = {folded, character.kind, static_cast<std::uint8_t>(marks), std::uint8_t{capital}};
    }
  }
};

const std::array<Ascii, 128>& ascii() {
  static const AsciiTable table;
  return table.rows;
}

constexpr bool is_letter(char32_t folded) { return (folded >= 'a' && folded <= 'z') || folded >= 0xc0; }
constexpr bool is_currency(char32_t code) {
  return code == '$' || (code >= 0xa2 && code <= 0xa5) || (code >= 0x20a0 && code <= 0x20cf);
}

}  // namespace

void WordReader::read(std::string_view text) {
  const auto& table = ascii();
  for (std::size_t at = 0; at < text.size();) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet >= 0x80) {
      take_beyond_ascii(next_character(text, at));
      continue;
    }
    if (dense_run_ != 0) end_dense();
    const Ascii& row = table[octet];
    if (row.kind == CharacterClass::Word) {
      at = take_run(text, at);
      continue;
    }
    ++at;
    if (row.kind == CharacterClass::Punct) {
      take_punctuation(octet);
    } else {
      end_word();
      if (octet == '\n') joins_ = false;
    }
  }
  end_dense();
  end_word();
  joins_ = false;
}

/// Letters and digits of ASCII, the bulk of most texts: returns where they end.
std::size_t WordReader::take_run(std::string_view text, std::size_t at) {
  const auto& table = ascii();
  const std::size_t start = at;
  const std::size_t room = longest_word - std::min(characters_, longest_word);
  unsigned marks = 0;
  for (; at < text.size(); ++at) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet >= 0x80) break;
    const Ascii& row = table[octet];
    if (row.kind != CharacterClass::Word) break;
    marks |= row.marks;
    capitals_ += row.capital;
    if (at - start < room) word_[size_++] = row.folded;
  }
  characters_ += static_cast<std::uint32_t>(std::min<std::size_t>(at - start, most_characters - characters_));
  small_ = small_ || (marks & is_small) != 0;
  digit_ = digit_ || (marks & is_digit) != 0;
  if ((marks & is_ascii_letter) != 0) take_script(Script::Latin);
  if ((marks & is_currency_sign) != 0)
    tally_.currencies +=
        static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(start),
                                              text.begin() + static_cast<std::ptrdiff_t>(at), '$'));
  keep();
  return at;
}

void WordReader::take_beyond_ascii(char32_t code) {
  const Character character = read_character(code);
  if (character.kind == CharacterClass::Nothing) return;
  if (code >= 0x2400 && character.code < 0x80) ++tally_.disguised;
  if (character.kind == CharacterClass::Dense) return take_dense(character.code);
  end_dense();
  switch (character.kind) {
    case CharacterClass::Space:
      return end_word();
    case CharacterClass::Symbol:
      end_word();
      ++tally_.symbols;
      return send_lone(character.code, 0);
    case CharacterClass::Punct:
      return take_punctuation(character.code);
    default:
      take_letter(character.code);
  }
}

void WordReader::take_punctuation(char32_t code) {
  if (code == '!') ++tally_.exclamations;
  // At the beginning of a word it is not kept.
  if (kept_ == 0) return;
  if (code == ':') colon_ = true;
  if (code == '@') at_pending_ = true;
  append(code);
}

void WordReader::take_letter(char32_t code) {
  if (code == '0') digit_ = true;
  if (is_currency(code)) ++tally_.currencies;
  if (is_letter(code)) take_script(code < 0x80 ? Script::Latin : script_of(code));
  append(code);
  keep();
}

void WordReader::take_script(Script script) {
  if (scripts_ == 0) script_ = script;
  scripts_ |= bit(script);
}

/// The word reaches to here at least.
void WordReader::keep() {
  at_ = at_ || at_pending_;
  kept_ = size_;
  kept_characters_ = characters_;
}

void WordReader::append(char32_t code) {
  if (characters_ < most_characters) ++characters_;
  if (characters_ > longest_word) return;
  if (code < 0x80) {
    word_[size_++] = static_cast<char>(code);
    return;
  }
  const Utf8 utf8 = encode(code);
  for (std::size_t index = 0; index < utf8.size; ++index) word_[size_++] = utf8.octets[index];
}

void WordReader::take_dense(char32_t code) {
  if (dense_run_ == 0)
    end_word();
  else
    send_lone(dense_, code);
  dense_ = code;
  ++dense_run_;
}

void WordReader::end_dense() {
  if (dense_run_ == 1) send_lone(dense_, 0);
  dense_run_ = 0;
}

/// A word of one or two characters that no pair is made with.
void WordReader::send_lone(char32_t first, char32_t second) {
  std::array<char, 8> octets{};
  std::size_t size = 0;
  for (const char32_t code : {first, second}) {
    if (code == 0) continue;
    const Utf8 utf8 = encode(code);
    for (std::size_t index = 0; index < utf8.size; ++index) octets[size++] = utf8.octets[index];
  }
  ++tally_.words;
  ++tally_.scripts[static_cast<std::size_t>(script_of(first))];
  sink_.word(hash_of({octets.data(), size}), false);
  joins_ = false;
  capitals_ = 0;
}

void WordReader::end_word() {
  if (kept_ > 0) {
    ++tally_.words;
    if (capitals_ > 2 && !small_) ++tally_.capitals;
    if (digit_) ++tally_.numbers;
    if ((scripts_ & bit(Script::Latin)) != 0 && (scripts_ & lookalikes) != 0) ++tally_.mixed;
    if (scripts_ != 0) ++tally_.scripts[static_cast<std::size_t>(script_)];
    sink_.word(hash_of_word(), joins_);
    joins_ = true;
  }
  size_ = kept_ = 0;
  characters_ = kept_characters_ = capitals_ = scripts_ = 0;
  small_ = digit_ = colon_ = at_pending_ = at_ = false;
}

std::uint32_t WordReader::hash_of_word() {
  const std::string_view word(word_.data(), kept_);
  if (at_) return address_word;
  if ((colon_ && word.find("://") != word.npos) || word.starts_with("www.")) return url_word;
  if (kept_characters_ <= longest_word) return hash_of_padded(word);
  ++tally_.overlong;
  const std::array<char, 6> name = {'\x01', 'l', 'o',
                                    'n',    'g', static_cast<char>('0' + std::bit_width(kept_characters_))};
  return hash_of({name.data(), name.size()});
}

}  // namespace sluice
