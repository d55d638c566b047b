// The rules of `<style>` elements, as far as they decide whether text is seen.
//
// Promises: bounded: 256 selectors, 256 octets of selectors and 1,024 of declarations each; linear.
// Selectors are `tag`, `.class`, `#id`, `tag.class`, `tag#id`, and lists of them; others select nothing here. Rules for other
// media, or for windows of some size, are passed over.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "text/style.h"

namespace sluice::text {

class StyleSheet {
 public:
  /// The text of a `<style>` element, piece by piece.
  void write(std::string_view piece);
  /// The element is complete.
  void end();
  bool is_empty() const { return rules_.empty(); }
  /// What the rules say of an element; `tag` in lower case.
  Declarations lookup(std::string_view tag, std::string_view classes, std::string_view id);

 private:
  enum class State : std::uint8_t { Selectors, AtRule, Block, Skipped };

  void take(char c);
  void structure(char c);
  void begin_block();
  void add_rules();
  void apply(std::string_view selector, Declarations& declarations);

  std::unordered_map<std::string, Declarations> rules_;
  State state_ = State::Selectors;
  std::size_t depth_ = 0;
  std::string selectors_;
  std::string block_;
  std::string key_;
  /// Comments: how much of `/*` or `*/` was seen.
  bool in_comment_ = false;
  char before_ = 0;
};

}  // namespace sluice::text
