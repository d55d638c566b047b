#include "text/style_sheet.h"

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr std::size_t most_rules = 256;
constexpr std::size_t longest_selectors = 256;
constexpr std::size_t longest_block = 1'024;
constexpr std::size_t most_classes = 16;
constexpr auto npos = std::string_view::npos;

constexpr bool is_name(char c) { return is_alphanumeric(c) || c == '-' || c == '_' || !is_ascii(c); }

/// A tag, a class or an id, or a tag with one of these.
bool is_simple(std::string_view selector) {
  std::size_t marks = 0;
  for (std::size_t i = 0; i < selector.size(); i++) {
    if (is_name(selector[i])) continue;
    if ((selector[i] != '.' && selector[i] != '#') || ++marks > 1 || i + 1 == selector.size()) return false;
  }
  return !selector.empty();
}

std::string lowercase(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = lower(c);
  return result;
}

}  // namespace

void StyleSheet::write(std::string_view piece) {
  for (const char c : piece) take(c);
}

/// Takes comments out.
void StyleSheet::take(char c) {
  const char before = before_;
  before_ = c;
  if (in_comment_) {
    if (before == '*' && c == '/') {
      in_comment_ = false;
      before_ = 0;
    }
    return;
  }
  if (before == '/' && c == '*') {
    in_comment_ = true;
    before_ = 0;
    return;
  }
  if (before == '/') structure('/');
  if (c != '/') structure(c);
}

void StyleSheet::structure(char c) {
  switch (state_) {
    case State::Selectors:
      if (c == '{') return begin_block();
      // The end of a rule for all screens; something that is no rule.
      if (c == '}' || c == ';') return selectors_.clear();
      if (selectors_.size() <= longest_selectors) selectors_.push_back(c);
      if (c == '@') state_ = State::AtRule;
      return;
    case State::AtRule:
      if (c == '{') return begin_block();
      if (c == ';') {
        selectors_.clear();
        state_ = State::Selectors;
      } else if (selectors_.size() <= longest_selectors) {
        selectors_.push_back(c);
      }
      return;
    case State::Block:
      if (c == '}') add_rules();
      else if (block_.size() <= longest_block) block_.push_back(c);
      return;
    case State::Skipped:
      if (c == '{') depth_++;
      if (c == '}' && --depth_ == 0) state_ = State::Selectors;
      return;
  }
}

void StyleSheet::begin_block() {
  const bool at_rule = state_ == State::AtRule;
  const bool all_screens = find_caseless(selectors_, "@media") != npos && find_caseless(selectors_, "print") == npos &&
                           find_caseless(selectors_, "(") == npos && selectors_.size() <= longest_selectors;
  if (!at_rule) {
    state_ = State::Block;
    block_.clear();
    return;
  }
  selectors_.clear();
  state_ = all_screens ? State::Selectors : State::Skipped;
  depth_ = 1;
}

void StyleSheet::add_rules() {
  state_ = State::Selectors;
  const bool whole = selectors_.size() <= longest_selectors && block_.size() <= longest_block;
  const Declarations declarations = whole ? parse_declarations(block_) : Declarations{};
  if (!declarations.normal.is_empty() || !declarations.important.is_empty()) {
    std::string_view rest = selectors_;
    // `<style><!-- … --></style>`, for browsers of old.
    if (const std::string_view open = trimmed(rest); open.starts_with("<!--")) rest = open.substr(4);
    if (const std::string_view close = trimmed(rest); close.starts_with("-->")) rest = close.substr(3);
    while (true) {
      const std::size_t comma = rest.find(',');
      const std::string_view selector = trimmed(rest.substr(0, comma));
      if (is_simple(selector)) {
        const std::string key = lowercase(selector);
        const auto found = rules_.find(key);
        if (found != rules_.end()) {
          found->second.normal.merge(declarations.normal);
          found->second.important.merge(declarations.important);
        } else if (rules_.size() < most_rules) {
          rules_.emplace(key, declarations);
        }
      }
      if (comma == npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  selectors_.clear();
}

void StyleSheet::end() {
  if (state_ == State::Block) add_rules();
  state_ = State::Selectors;
  selectors_.clear();
  in_comment_ = false;
  before_ = 0;
}

void StyleSheet::apply(std::string_view selector, Declarations& declarations) {
  const std::size_t size = key_.size();
  for (const char c : selector) key_.push_back(lower(c));
  if (const auto found = rules_.find(key_); found != rules_.end()) {
    declarations.normal.merge(found->second.normal);
    declarations.important.merge(found->second.important);
  }
  key_.resize(size);
}

Declarations StyleSheet::lookup(std::string_view tag, std::string_view classes, std::string_view id) {
  Declarations declarations;
  if (rules_.empty()) return declarations;
  key_.clear();
  apply(tag, declarations);
  const auto both = [&](char mark, std::string_view name) {
    key_.assign(1, mark);
    apply(name, declarations);
    key_.assign(tag).push_back(mark);
    apply(name, declarations);
  };
  std::size_t count = 0;
  for (std::size_t at = 0; at < classes.size() && count < most_classes; count++) {
    while (at < classes.size() && is_space(classes[at])) at++;
    const std::size_t start = at;
    while (at < classes.size() && !is_space(classes[at])) at++;
    const std::size_t size = at - start;
    if (size > 0 && size <= longest_selectors) both('.', classes.substr(start, size));
  }
  if (const std::string_view name = trimmed(id); !name.empty() && name.size() <= longest_selectors) both('#', name);
  return declarations;
}

}  // namespace sluice::text
