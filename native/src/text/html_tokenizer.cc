#include "text/html_tokenizer.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/octets.h"

namespace sluice::text {

namespace {

constexpr std::size_t longest_name = 33;
constexpr std::string_view replacement = "\xef\xbf\xbd";

void append_name(std::string& name, std::string_view text) {
  const std::size_t before = name.size();
  name.append(text.substr(0, longest_name - before));
  for (std::size_t i = before; i < name.size(); i++) name[i] = lower(name[i]);
}

constexpr std::array<bool, 256> make_name_ends(std::string_view octets) {
  std::array<bool, 256> set{};
  for (const char c : octets) set[octet(c)] = true;
  return set;
}
constexpr auto tag_name_ends = make_name_ends(" \t\n\f\r/>");
constexpr auto attribute_name_ends = make_name_ends(" \t\n\f\r/>=");

/// Appends up to where the name ends.
const char* read_name(const char* at, const char* end, std::string& name, const std::array<bool, 256>& ends) {
  const char* stop = at;
  while (stop < end && !ends[octet(*stop)]) stop++;
  append_name(name, between(at, stop));
  return stop;
}

}  // namespace

HtmlTokenizer::HtmlTokenizer(HtmlTokens& tokens, std::size_t value_limit)
    : tokens_(tokens), value_limit_(value_limit), declaration_(tokens) {}

void HtmlTokenizer::write(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  while (at < end) at = in_reference_ ? reference(at) : step(at, end);
}

/// Reads one octet, or a run of octets that are alike. An octet that belongs to the next state stays where it is.
const char* HtmlTokenizer::step(const char* at, const char* end) {
  switch (state_) {
    case State::Data: return data(at, end);
    case State::RawEnd: return raw_end(at);
    case State::TagOpen:
    case State::EndTagOpen: return tag_open(at);
    case State::TagName:
      at = read_name(at, end, tag_.name, tag_name_ends);
      if (at == end) return end;
      if (is_space(*at)) state_ = State::BeforeName;
      else if (*at == '/') state_ = State::SelfClosing;
      else finish_tag();
      return at + 1;
    case State::BeforeName:
    case State::Name:
    case State::AfterName: return attribute_name(at, end);
    case State::BeforeValue:
      if (is_space(*at)) return at + 1;
      if (*at == '"' || *at == '\'') {
        quote_ = *at;
        state_ = State::Quoted;
        return at + 1;
      }
      // `<a href=>`: the value is empty.
      if (*at == '>') {
        finish_tag();
        return at + 1;
      }
      state_ = State::Unquoted;
      return at;
    case State::Quoted: return quoted(at, end);
    case State::Unquoted: return unquoted(at, end);
    case State::SelfClosing:
      if (*at == '>') {
        tag_.self_closing = true;
        finish_tag();
        return at + 1;
      }
      state_ = State::BeforeName;
      return at;
    case State::Declaration:
      at = declaration_.read(at, end);
      if (declaration_.is_complete()) state_ = State::Data;
      return at;
  }
  return end;
}

const char* HtmlTokenizer::data(const char* at, const char* end) {
  if (content_ == Content::Plain) {
    tokens_.text(between(at, end));
    return end;
  }
  const char* const stop = content_ == Content::Raw ? find(at, end, '<') : find_either(at, end, '<', '&');
  if (stop > at) tokens_.text(between(at, stop));
  if (stop == end) return end;
  if (*stop == '&') {
    begin_reference();
  } else if (content_ == Content::Markup) {
    state_ = State::TagOpen;
  } else {
    held_.assign(1, '<');
    state_ = State::RawEnd;
  }
  return stop + 1;
}

/// Behind `<` in raw text: is it the end tag? https://html.spec.whatwg.org/#rawtext-less-than-sign-state
const char* HtmlTokenizer::raw_end(const char* at) {
  const std::size_t position = held_.size();
  if (position < raw_name_.size() + 2) {
    if (lower(*at) == (position == 1 ? '/' : raw_name_[position - 2])) {
      held_.push_back(*at);
      return at + 1;
    }
  } else if (is_space(*at) || *at == '/' || *at == '>') {
    begin_tag(true, State::TagName);
    tag_.name = raw_name_;
    return at;
  }
  tokens_.text(held_);
  state_ = State::Data;
  return at;
}

const char* HtmlTokenizer::tag_open(const char* at) {
  const bool closing = state_ == State::EndTagOpen;
  if (is_letter(*at)) {
    begin_tag(closing, State::TagName);
    return at;
  }
  if (!closing && *at == '/') {
    state_ = State::EndTagOpen;
    return at + 1;
  }
  if (!closing && *at == '!') {
    declaration_.begin();
    state_ = State::Declaration;
    return at + 1;
  }
  // `</>` is nothing at all.
  if (closing && *at == '>') {
    state_ = State::Data;
    return at + 1;
  }
  if (closing || *at == '?') {
    declaration_.begin_bogus();
    state_ = State::Declaration;
    return at;
  }
  tokens_.text("<");
  state_ = State::Data;
  return at;
}

void HtmlTokenizer::begin_tag(bool closing, State state) {
  tag_.clear(closing);
  state_ = state;
}

void HtmlTokenizer::finish_tag() {
  state_ = State::Data;
  content_ = tokens_.tag(tag_);
  if (content_ == Content::Raw || content_ == Content::Escapable) raw_name_ = tag_.name;
}

/// Before, in and behind the name of an attribute.
const char* HtmlTokenizer::attribute_name(const char* at, const char* end) {
  if (state_ == State::Name) {
    at = read_name(at, end, held_, attribute_name_ends);
    if (at == end) return end;
    if (*at == '=') {
      begin_value(false);
      return at + 1;
    }
    state_ = State::AfterName;
    return at;
  }
  const char c = *at;
  if (is_space(c)) return at + 1;
  if (state_ == State::AfterName) {
    if (c == '=') {
      begin_value(false);
      return at + 1;
    }
    begin_value(true);
  }
  if (c == '/') {
    state_ = State::SelfClosing;
    return at + 1;
  }
  if (c == '>') {
    finish_tag();
    return at + 1;
  }
  held_.clear();
  append_name(held_, between(at, at + 1));
  state_ = State::Name;
  return at + 1;
}

/// The name is complete.
void HtmlTokenizer::begin_value(bool empty) {
  value_ = tag_.add(held_);
  state_ = empty ? State::BeforeName : State::BeforeValue;
}

void HtmlTokenizer::append_value(std::string_view text) {
  if (value_ == nullptr) return;
  for (std::size_t at = 0; at < text.size() && value_->size() < value_limit_;) {
    const std::size_t stop = std::min(text.find('\0', at), text.size());
    value_->append(text.substr(at, std::min(stop - at, value_limit_ - value_->size())));
    if (stop < text.size() && value_->size() < value_limit_) value_->append(replacement);
    at = stop + 1;
  }
}

const char* HtmlTokenizer::quoted(const char* at, const char* end) {
  const char* const stop = value_ == nullptr ? find(at, end, quote_) : find_either(at, end, quote_, '&');
  append_value(between(at, stop));
  if (stop == end) return end;
  if (*stop == quote_) state_ = State::BeforeName;
  else begin_reference();
  return stop + 1;
}

const char* HtmlTokenizer::unquoted(const char* at, const char* end) {
  const char* stop = at;
  while (stop < end && !is_space(*stop) && *stop != '>' && *stop != '&') stop++;
  append_value(between(at, stop));
  if (stop == end) return end;
  if (*stop == '&') begin_reference();
  else if (*stop == '>') finish_tag();
  else state_ = State::BeforeName;
  return stop + 1;
}

void HtmlTokenizer::begin_reference() {
  reference_.begin();
  in_reference_ = true;
}

const char* HtmlTokenizer::reference(const char* at) {
  const auto taken = reference_.take(*at);
  if (taken == CharacterReference::Step::More) return at + 1;
  const bool last = taken == CharacterReference::Step::Last;
  resolve_reference(last ? '\0' : *at);
  return last ? at + 1 : at;
}

void HtmlTokenizer::resolve_reference(char next) {
  in_reference_ = false;
  decoded_.clear();
  reference_.resolve(in_value(), next, decoded_);
  if (in_value()) return append_value(decoded_);
  if (reference_.obscures()) tokens_.obscured_character();
  tokens_.text(decoded_);
}

bool HtmlTokenizer::end() {
  if (in_reference_) resolve_reference('\0');
  switch (state_) {
    case State::Data: return content_ == Content::Markup || content_ == Content::Plain;
    case State::TagOpen: tokens_.text("<"); return true;
    case State::EndTagOpen: tokens_.text("</"); return true;
    case State::RawEnd: tokens_.text(held_); return false;
    case State::Declaration: declaration_.end(); return false;
    default: tokens_.unfinished_tag(tag_); return false;
  }
}

}  // namespace sluice::text
