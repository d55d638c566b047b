#include "text/entity.h"

#include <algorithm>

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr Entity entities[] = {
#include "text/entity_table.inc"
};

constexpr std::size_t longest_legacy = 6;
constexpr std::uint32_t too_large = 0x11'0000;

// https://html.spec.whatwg.org/#numeric-character-reference-end-state
constexpr char32_t windows_1252[32] = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

const Entity* find_entity(std::string_view name) {
  const auto* const found = std::lower_bound(std::begin(entities), std::end(entities), name,
                                             [](const Entity& entity, std::string_view n) { return entity.name < n; });
  return found != std::end(entities) && found->name == name ? found : nullptr;
}

void append_utf8(char32_t c, std::string& out) {
  const auto add = [&](char32_t octet_value) { out.push_back(static_cast<char>(octet_value)); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      add(0xe0 | (c >> 12));
    } else {
      add(0xf0 | (c >> 18));
      add(0x80 | ((c >> 12) & 0x3f));
    }
    add(0x80 | ((c >> 6) & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

char32_t meant(std::uint32_t code) {
  if (code >= 0x80 && code <= 0x9f) return windows_1252[code - 0x80];
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code == 0 || code >= too_large || surrogate ? U'\ufffd' : char32_t{code};
}

constexpr bool is_hexadecimal(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

}  // namespace

void CharacterReference::begin() {
  state_ = State::Start;
  semicolon_ = false;
  code_ = 0;
  size_ = 0;
}

CharacterReference::Step CharacterReference::take(char c) {
  const auto number = [&](std::uint32_t base, char digit) {
    const auto value = static_cast<std::uint32_t>(is_digit(digit) ? digit - '0' : lower(digit) - 'a' + 10);
    code_ = std::min(too_large, code_ * base + value);
    return Step::More;
  };
  const auto last = [&] {
    semicolon_ = c == ';';
    return semicolon_ ? Step::Last : Step::Behind;
  };
  switch (state_) {
    case State::Start:
      if (c == '#') {
        state_ = State::Hash;
        return Step::More;
      }
      if (!is_alphanumeric(c)) return Step::Behind;
      state_ = State::Name;
      name_[size_++] = c;
      return Step::More;
    case State::Name:
      if (!is_alphanumeric(c)) return last();
      if (size_ == name_.size()) return Step::Behind;
      name_[size_++] = c;
      return Step::More;
    case State::Hash:
      if (lower(c) == 'x') {
        name_[size_++] = c;
        state_ = State::HexStart;
        return Step::More;
      }
      if (!is_digit(c)) return Step::Behind;
      state_ = State::Decimal;
      return number(10, c);
    case State::HexStart:
      if (!is_hexadecimal(c)) return Step::Behind;
      state_ = State::Hexadecimal;
      return number(16, c);
    case State::Decimal: return is_digit(c) ? number(10, c) : last();
    case State::Hexadecimal: return is_hexadecimal(c) ? number(16, c) : last();
  }
  return Step::Behind;
}

void CharacterReference::resolve_name(bool in_attribute, char next, std::string& out) const {
  const std::string_view name{name_.data(), size_};
  if (const Entity* const entity = find_entity(name); entity != nullptr && semicolon_) {
    out.append(entity->text);
    return;
  }
  for (std::size_t size = std::min(size_, longest_legacy); size > 1; size--) {
    const Entity* const entity = find_entity(name.substr(0, size));
    if (entity == nullptr || !entity->legacy) continue;
    const bool goes_on = size < size_ || (!semicolon_ && (next == '=' || is_alphanumeric(next)));
    if (in_attribute && goes_on) break;
    out.append(entity->text).append(name.substr(size));
    if (semicolon_) out.push_back(';');
    return;
  }
  out.push_back('&');
  out.append(name);
  if (semicolon_) out.push_back(';');
}

void CharacterReference::resolve(bool in_attribute, char next, std::string& out) const {
  switch (state_) {
    case State::Start: out.push_back('&'); break;
    case State::Hash: out.append("&#"); break;
    case State::HexStart: out.append("&#").push_back(name_[0]); break;
    case State::Name: resolve_name(in_attribute, next, out); break;
    case State::Decimal:
    case State::Hexadecimal: append_utf8(meant(code_), out); break;
  }
}

bool CharacterReference::obscures() const {
  return (state_ == State::Decimal || state_ == State::Hexadecimal) && code_ < 0x80 &&
         is_alphanumeric(static_cast<char>(code_));
}

}  // namespace sluice::text
