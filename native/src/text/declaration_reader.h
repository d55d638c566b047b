// What begins with `<!`, `<?` or `</` and is no tag: comments, document types, CDATA, and what browsers take for comments
// (https://html.spec.whatwg.org/#markup-declaration-open-state).
//
// Promises: linear; seven octets are held at most.
#pragma once
#include <cstdint>
#include <string>

#include "text/html_tokens.h"

namespace sluice::text {

class DeclarationReader {
 public:
  explicit DeclarationReader(HtmlTokens& tokens) : tokens_(tokens) {}
  /// `<!` was read.
  void begin();
  /// What follows is a comment up to `>`.
  void begin_bogus() { state_ = State::Bogus; }
  /// Returns what it did not take: the end, or what stands behind.
  const char* read(const char* at, const char* end);
  bool is_complete() const { return state_ == State::Complete; }
  /// The text ends here.
  void end();

 private:
  enum class State : std::uint8_t {
    Complete,
    Beginning,
    Doctype,
    Bogus,
    CommentStart,
    CommentStartDash,
    Comment,
    CommentDash,
    CommentDashes,
    CommentBang,
    Cdata,
    CdataBracket,
    CdataBrackets,
  };

  const char* step(const char* at, const char* end);
  const char* beginning(const char* at);
  const char* bogus(const char* at, const char* end);
  const char* comment(const char* at, const char* end);
  const char* cdata(const char* at, const char* end);

  HtmlTokens& tokens_;
  State state_ = State::Complete;
  /// What may become one of the three.
  std::string held_;
};

}  // namespace sluice::text
