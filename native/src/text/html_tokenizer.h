// Cuts HTML into text, tags and comments, the way browsers do (https://html.spec.whatwg.org/#tokenization).
//
// Promises: linear; bounded memory: of a name 33 octets are kept, of a value as many as asked for, of text nothing; the same
// tokens however the text is cut, except for where pieces of text are cut; whatever is not closed ends with the text.
// Leaves out: the states of scripts within comments within scripts: a script ends at the first `</script>`, and what a browser
// takes for more of it is text here. Mail is shown without scripts, and this way more is read, not less.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/declaration_reader.h"
#include "text/entity.h"
#include "text/html_tokens.h"

namespace sluice::text {

class HtmlTokenizer {
 public:
  HtmlTokenizer(HtmlTokens& tokens, std::size_t value_limit);
  void write(std::string_view piece);
  /// False when the text ended within markup.
  bool end();

 private:
  enum class State : std::uint8_t {
    Data,
    RawEnd,  // `<` in raw text
    TagOpen,
    EndTagOpen,
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Quoted,
    Unquoted,
    SelfClosing,
    Declaration,
  };

  const char* step(const char* at, const char* end);
  const char* data(const char* at, const char* end);
  const char* raw_end(const char* at);
  const char* tag_open(const char* at);
  const char* attribute_name(const char* at, const char* end);
  const char* quoted(const char* at, const char* end);
  const char* unquoted(const char* at, const char* end);
  const char* reference(const char* at);
  void begin_reference();
  void resolve_reference(char next);
  bool in_value() const { return state_ == State::Quoted || state_ == State::Unquoted; }
  void begin_tag(bool closing, State state);
  void begin_value(bool empty);
  void append_value(std::string_view text);
  void finish_tag();

  HtmlTokens& tokens_;
  const std::size_t value_limit_;
  State state_ = State::Data;
  Content content_ = Content::Markup;
  /// A character reference is being read, in the text or in a value.
  bool in_reference_ = false;
  char quote_ = 0;
  CharacterReference reference_;
  DeclarationReader declaration_;
  Tag tag_;
  /// The element whose raw text this is.
  std::string raw_name_;
  /// What may become the end tag of raw text; the name of an attribute.
  std::string held_;
  std::string decoded_;
  std::string* value_ = nullptr;
};

}  // namespace sluice::text
