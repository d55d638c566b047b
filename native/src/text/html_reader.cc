// HTML: tags become white space and links, and what a reader does not see goes to the zone `hidden`.
//
// What is what:
// - Visible: text; what stands for a picture (`alt`); the writing on buttons and in fields. `<noscript>` is shown: no mail
//   client runs scripts.
// - Hidden by style (raises html-hidden): `hidden`, display, visibility, opacity, font of one pixel, no room, colour as the
//   background. `mso-hide` is not: one client obeys it, everybody else sees that text. Where in doubt text is visible.
// - Hidden by nature (raises nothing, as nearly every mail has some): comments, `<title>`, `<template>`, what browsers show
//   in place of frames.
// - Scripts and styles are neither; the zone `source` has them. Links are looked for in all of these.
#include <algorithm>
#include <memory>
#include <string>

#include "text/ascii.h"
#include "text/element.h"
#include "text/host.h"
#include "text/html_tokenizer.h"
#include "text/link_finder.h"
#include "text/links.h"
#include "text/markup_links.h"
#include "text/open_elements.h"
#include "text/readable.h"
#include "text/spacing.h"
#include "text/style_memory.h"
#include "text/style_sheet.h"

namespace sluice {

namespace {

using namespace text;

constexpr std::size_t least_value_limit = 4'096;
constexpr std::size_t longest_anchor = 512;
constexpr unsigned few_obscured = 8;  // some senders write their addresses that way

constexpr Color link_color = 0x0000ee;

/// Text of one zone on its way to the reader, to the links, and to the anchor it stands in.
class Stream final : public Folded {
 public:
  Stream(Readable& readable, Zone zone, LinkFinder& finder) : readable_(readable), zone_(zone), finder_(finder) {}

  void folded(std::string_view piece) override {
    if (zone_ == Zone::Text) readable_.visible(piece);
    else readable_.hidden(piece);
    finder_.write(piece);
    if (in_anchor_ && anchor_.size() < longest_anchor)
      anchor_.append(piece.substr(0, longest_anchor - anchor_.size()));
  }
  void begin_anchor() {
    in_anchor_ = true;
    anchor_.clear();
  }
  std::string_view end_anchor() {
    in_anchor_ = false;
    return anchor_;
  }

 private:
  Readable& readable_;
  const Zone zone_;
  LinkFinder& finder_;
  bool in_anchor_ = false;
  std::string anchor_;
};

class HtmlReader final : public Sink, private HtmlTokens {
 public:
  HtmlReader(Readable& readable, Faults& faults, std::uint32_t link_limit)
      : faults_(faults),
        links_(readable, faults, link_limit),
        markup_links_(links_),
        prose_(links_, LinkFinder::Kind::Prose),
        code_(links_, LinkFinder::Kind::Code),
        visible_stream_(readable, Zone::Text, prose_),
        hidden_stream_(readable, Zone::Hidden, code_),
        visible_(visible_stream_, faults, LineEnds::AreSpaces),
        hidden_(hidden_stream_, faults, LineEnds::AreSpaces),
        tokenizer_(*this, std::max(least_value_limit, std::size_t{link_limit}) + 1) {}

  void write(std::string_view piece) override {
    tokenizer_.write(piece);
    flush();
  }

  void end() override {
    if (!tokenizer_.end()) faults_.raise(Flag::HtmlUnfinished);
    visible_.end();
    hidden_.end();
    end_anchor();
    prose_.end_record();
    code_.end_record();
  }

 private:
  void text(std::string_view piece) override {
    if (code_kind_ != CodeKind::None) {
      code_.write(piece);
      if (code_kind_ == CodeKind::Style) sheet_.write(piece);
    } else if (elements_.is_hidden()) {
      turn_hidden();
      const std::uint64_t before = hidden_.size();
      hidden_.write(piece);
      if (!elements_.is_unseen() && hidden_.size() > before) raise_hidden();
    } else {
      turn_visible();
      visible_.write(piece);
    }
  }

  void comment(std::string_view piece) override {
    if (!in_comment_) {
      in_hidden_ = false;
      turn_hidden();
    }
    in_comment_ = true;
    hidden_.write(piece);
  }

  void comment_end() override {
    in_comment_ = in_hidden_ = false;
    hidden_.flush();
    code_.end_record();
  }

  void obscured_character() override {
    if (obscured_ < few_obscured && ++obscured_ == few_obscured) faults_.raise(Flag::HtmlObscured);
  }

  bool in_foreign_content() const override { return elements_.look().foreign; }

  void unfinished_tag(const Tag& tag) override {
    if (!tag.closing) report_links(tag);
  }

  Content tag(const Tag& tag) override {
    const Element& element = element_named(tag.name);
    if (tag.closing) {
      close(element, tag.name);
      return Content::Markup;
    }
    return open(element, tag);
  }

  void close(const Element& element, std::string_view name) {
    if (code_kind_ != CodeKind::None) end_code();
    if (name == "br") return active().line_end();
    if (name == "a") end_anchor();
    separate(element, active());
    elements_.close(element, name);
  }

  Content open(const Element& element, const Tag& tag) {
    report_links(tag);
    elements_.prepare(element);
    const Style style = style_of(element, tag);
    const Look look = elements_.look_of(element, tag.name, style);
    Spacing& spacing = look.is_hidden() ? hidden_ : visible_;
    separate(element, spacing);
    if (tag.name == "br") spacing.line_end();
    if (element.is(Void)) {
      replacement(tag, look);
      return Content::Markup;
    }
    if (look.foreign && tag.self_closing) return Content::Markup;
    const bool foreign = elements_.look().foreign;
    elements_.open(element, tag.name, style, look);
    if (tag.name == "a" && tag.has(Attribute::Href)) begin_anchor(tag);
    if (foreign) return Content::Markup;
    if (element.is(Code)) begin_code(tag.name == "style" ? CodeKind::Style : CodeKind::Script);
    return element.content;
  }

  static void separate(const Element& element, Spacing& spacing) {
    if (element.is(Block)) spacing.block();
    else if (element.is(Cell)) spacing.space();
  }

  Spacing& active() { return elements_.is_hidden() ? hidden_ : visible_; }

  /// What is shown in place of an element without content.
  void replacement(const Tag& tag, const Look& look) {
    if (look.is_hidden()) return;
    std::string_view shown = tag[Attribute::Alt];
    if (tag.name == "input" && !tag.has(Attribute::Alt)) {
      const std::string_view type = trimmed(tag[Attribute::Type]);
      if (equals_caseless(type, "hidden") || equals_caseless(type, "checkbox") || equals_caseless(type, "radio")) return;
      shown = tag[Attribute::Value];
      if (shown.empty()) shown = tag[Attribute::Placeholder];
    } else if (tag.name != "img" && tag.name != "input" && tag.name != "area") {
      return;
    }
    if (shown.empty()) return;
    turn_visible();
    visible_.space();
    visible_.write(shown);
    visible_.space();
  }

  Style style_of(const Element& element, const Tag& tag) {
    Style style;
    if (tag.has(Attribute::Hidden)) style.displayed = Choice::No;
    if (tag.name == "a" && tag.has(Attribute::Href)) style.color = link_color;
    if (tag.name == "font" && tag.has(Attribute::Color)) style.color = attribute_color(tag[Attribute::Color]);
    if (tag.name == "body" && tag.has(Attribute::Text)) style.color = attribute_color(tag[Attribute::Text]);
    if (element.is(Special) && tag.has(Attribute::Bgcolor)) style.background = attribute_color(tag[Attribute::Bgcolor]);
    if (element.is(Special) && tag.has(Attribute::Background)) style.background = unknown_color;
    if (sheet_.is_empty() && !tag.has(Attribute::Style)) return style;
    static constexpr Declarations none;
    const Declarations rules = sheet_.lookup(tag.name, tag[Attribute::Class], tag[Attribute::Id]);
    const Declarations& own = tag.has(Attribute::Style) ? declarations_.read(tag[Attribute::Style]) : none;
    style.merge(rules.normal);
    style.merge(own.normal);
    style.merge(rules.important);
    style.merge(own.important);
    return style;
  }

  void report_links(const Tag& tag) {
    if (!MarkupLinks::may_have(tag)) return;
    flush();
    markup_links_.report(tag);
  }

  void begin_anchor(const Tag& tag) {
    end_anchor();
    visible_.flush();
    anchor_host_ = host_of(markup_links_.cleaned(tag[Attribute::Href]));
    if (!anchor_host_.empty()) visible_stream_.begin_anchor();
  }

  void end_anchor() {
    if (anchor_host_.empty()) return;
    visible_.flush();
    if (!may_be_same_site(host_shown(visible_stream_.end_anchor()), anchor_host_)) faults_.raise(Flag::LinkDisagrees);
    anchor_host_.clear();
  }

  enum class CodeKind : std::uint8_t { None, Script, Style };

  void begin_code(CodeKind kind) {
    flush();
    code_.end_record();
    code_kind_ = kind;
  }

  void end_code() {
    code_.end_record();
    if (code_kind_ == CodeKind::Style) sheet_.end();
    code_kind_ = CodeKind::None;
  }

  void raise_hidden() {
    if (!hidden_seen_) faults_.raise(Flag::HtmlHidden);
    hidden_seen_ = true;
  }

  // Whoever reports a link, the text before it has reported its own: then their order does not depend on the cuts.
  void turn_visible() {
    if (in_hidden_) hidden_.flush();
    in_hidden_ = false;
  }

  /// What is hidden in different places is not one text.
  void turn_hidden() {
    if (in_hidden_) return;
    visible_.flush();
    hidden_.block();
    in_hidden_ = true;
  }

  void flush() {
    visible_.flush();
    hidden_.flush();
  }

  Faults& faults_;
  Links links_;
  MarkupLinks markup_links_;
  LinkFinder prose_;
  LinkFinder code_;
  Stream visible_stream_;
  Stream hidden_stream_;
  Spacing visible_;
  Spacing hidden_;
  HtmlTokenizer tokenizer_;
  OpenElements elements_;
  StyleSheet sheet_;
  StyleMemory declarations_;
  CodeKind code_kind_ = CodeKind::None;
  bool in_hidden_ = false;
  bool in_comment_ = false;
  bool hidden_seen_ = false;
  unsigned obscured_ = 0;
  /// Where the anchor leads in which the text stands; empty outside.
  std::string anchor_host_;
};

}  // namespace

std::unique_ptr<Sink> make_html_reader(Readable& readable, Faults& faults, std::uint32_t link_limit) {
  return std::make_unique<HtmlReader>(readable, faults, link_limit);
}

}  // namespace sluice
