#include "text/declaration_reader.h"

#include "text/ascii.h"
#include "text/octets.h"

namespace sluice::text {

void DeclarationReader::begin() {
  held_.clear();
  state_ = State::Beginning;
}

const char* DeclarationReader::read(const char* at, const char* end) {
  while (at < end && !is_complete()) at = step(at, end);
  return at;
}

const char* DeclarationReader::step(const char* at, const char* end) {
  switch (state_) {
    case State::Complete: return at;
    case State::Beginning: return beginning(at);
    case State::Doctype:
      at = find(at, end, '>');
      if (at == end) return end;
      state_ = State::Complete;
      return at + 1;
    case State::Bogus: return bogus(at, end);
    case State::Cdata:
    case State::CdataBracket:
    case State::CdataBrackets: return cdata(at, end);
    default: return comment(at, end);
  }
}

const char* DeclarationReader::bogus(const char* at, const char* end) {
  const char* const stop = find(at, end, '>');
  if (stop > at) tokens_.comment(between(at, stop));
  if (stop == end) return end;
  tokens_.comment_end();
  state_ = State::Complete;
  return stop + 1;
}

/// Behind `<!`: a comment, a document type, or neither.
const char* DeclarationReader::beginning(const char* at) {
  constexpr std::string_view doctype = "doctype";
  constexpr std::string_view cdata_begin = "[CDATA[";
  held_.push_back(*at);
  const std::string_view held = held_;
  if (held == "--") {
    state_ = State::CommentStart;
    return at + 1;
  }
  if (equals_caseless(held, doctype)) {
    state_ = State::Doctype;
    return at + 1;
  }
  if (held == cdata_begin && tokens_.in_foreign_content()) {
    state_ = State::Cdata;
    return at + 1;
  }
  const bool may_be_doctype = held.size() < doctype.size() && equals_caseless(held, doctype.substr(0, held.size()));
  if (held == "-" || may_be_doctype || (held.size() < cdata_begin.size() && cdata_begin.starts_with(held))) return at + 1;
  held_.pop_back();
  if (!held_.empty()) tokens_.comment(held_);
  state_ = State::Bogus;
  return at;
}

const char* DeclarationReader::comment(const char* at, const char* end) {
  const auto finish = [&] {
    tokens_.comment_end();
    state_ = State::Complete;
    return at + 1;
  };
  const auto back = [&](std::string_view dashes) {
    tokens_.comment(dashes);
    state_ = State::Comment;
    return at;
  };
  switch (state_) {
    case State::CommentStart:
      if (*at == '>') return finish();
      if (*at != '-') return back({});
      state_ = State::CommentStartDash;
      return at + 1;
    case State::CommentStartDash:
      if (*at == '>') return finish();
      if (*at != '-') return back("-");
      state_ = State::CommentDashes;
      return at + 1;
    case State::CommentDash:
      if (*at != '-') return back("-");
      state_ = State::CommentDashes;
      return at + 1;
    case State::CommentDashes:
      if (*at == '>') return finish();
      if (*at == '!') state_ = State::CommentBang;
      else if (*at == '-') tokens_.comment("-");
      else return back("--");
      return at + 1;
    case State::CommentBang:
      if (*at == '>') return finish();
      if (*at != '-') return back("--!");
      tokens_.comment("--!");
      state_ = State::CommentDash;
      return at + 1;
    default: break;
  }
  const char* const stop = find(at, end, '-');
  if (stop > at) tokens_.comment(between(at, stop));
  if (stop == end) return end;
  state_ = State::CommentDash;
  return stop + 1;
}

const char* DeclarationReader::cdata(const char* at, const char* end) {
  if (state_ == State::Cdata) {
    const char* const stop = find(at, end, ']');
    if (stop > at) tokens_.text(between(at, stop));
    if (stop == end) return end;
    state_ = State::CdataBracket;
    return stop + 1;
  }
  if (*at == ']') {
    if (state_ == State::CdataBrackets) tokens_.text("]");
    state_ = State::CdataBrackets;
    return at + 1;
  }
  if (state_ == State::CdataBrackets && *at == '>') {
    state_ = State::Complete;
    return at + 1;
  }
  tokens_.text(state_ == State::CdataBrackets ? "]]" : "]");
  state_ = State::Cdata;
  return at;
}

void DeclarationReader::end() {
  switch (state_) {
    case State::Complete:
    case State::Doctype:
    case State::Cdata: return;
    case State::CdataBracket: return tokens_.text("]");
    case State::CdataBrackets: return tokens_.text("]]");
    case State::Beginning:
      if (!held_.empty()) tokens_.comment(held_);
      return tokens_.comment_end();
    default: return tokens_.comment_end();
  }
}

}  // namespace sluice::text
