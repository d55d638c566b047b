#include "text/markup_links.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr auto npos = std::string_view::npos;

constexpr Attribute urls[] = {
    Attribute::Action, Attribute::Background, Attribute::Cite,     Attribute::Codebase, Attribute::Data,
    Attribute::Dynsrc, Attribute::Formaction, Attribute::Href,     Attribute::Longdesc, Attribute::Lowsrc,
    Attribute::Manifest, Attribute::Ping,     Attribute::Poster,   Attribute::Src,      Attribute::XlinkHref};

constexpr Attribute others[] = {Attribute::Srcset, Attribute::Imagesrcset, Attribute::Style, Attribute::Content};

constexpr int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// Whether some octet is below 32.
bool has_control(std::string_view text) {
  std::uint64_t found = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t octets;
    std::memcpy(&octets, text.data() + at, sizeof octets);
    // The highest bit of an octet is set by borrowing when it is below, or by the octet before it; the latter costs a copy.
    found |= (octets - 0x2020'2020'2020'2020U) & ~octets & 0x8080'8080'8080'8080U;
  }
  for (; at < text.size(); at++) found |= octet(text[at]) < 0x20 ? 1U : 0U;
  return found != 0;
}

/// Octets that are escaped are decoded, except for controls and what is not ASCII: the result stays valid UTF-8.
void append_unescaped(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); i++) {
    const int first = text[i] == '%' && i + 2 < text.size() ? hexadecimal(text[i + 1]) : -1;
    const int second = first < 0 ? -1 : hexadecimal(text[i + 2]);
    const int value = first * 16 + second;
    if (second >= 0 && value > 0x20 && value < 0x7f) {
      out.push_back(static_cast<char>(value));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
}

}  // namespace

bool MarkupLinks::may_have(const Tag& tag) {
  return tag.among(bits_of(urls) | bits_of(others)) != 0;
}

void MarkupLinks::report(const Tag& tag) {
  for (Attributes rest = tag.among(bits_of(urls)); rest != 0; rest &= rest - 1)
    url(tag[static_cast<Attribute>(__builtin_ctz(rest))]);
  if (tag.among(bits_of(others)) == 0) return;
  candidates(tag[Attribute::Srcset]);
  candidates(tag[Attribute::Imagesrcset]);
  in_style(tag[Attribute::Style]);
  if (equals_caseless(trimmed(tag[Attribute::HttpEquiv]), "refresh")) refresh(tag[Attribute::Content]);
}

/// https://url.spec.whatwg.org/#concept-basic-url-parser: controls and spaces around it, tabs and line ends within.
std::string_view MarkupLinks::cleaned(std::string_view value) {
  while (!value.empty() && octet(value.front()) <= 0x20) value.remove_prefix(1);
  while (!value.empty() && octet(value.back()) <= 0x20) value.remove_suffix(1);
  if (!has_control(value)) return value;
  const auto is_dropped = [](char c) { return c == '\t' || c == '\n' || c == '\r'; };
  url_.clear();
  std::ranges::remove_copy_if(value, std::back_inserter(url_), is_dropped);
  return url_;
}

void MarkupLinks::url(std::string_view value) {
  const std::string_view link = cleaned(value);
  if (link.empty() || link.front() == '#' || begins_caseless(link, "cid:")) return;
  if (begins_caseless(link, "mailto:")) return mailto(link);
  const std::size_t size = begins_caseless(link, "data:") ? link.find(',') : npos;
  links_.report(Zone::Url, LinkOrigin::Markup, link.substr(0, size));
}

/// RFC 6068 §2: addresses with commas between, each escaped.
void MarkupLinks::mailto(std::string_view value) {
  std::string_view rest = value.substr(7);
  rest = rest.substr(0, rest.find('?'));
  while (true) {
    const std::size_t comma = rest.find(',');
    address_.clear();
    append_unescaped(trimmed(rest.substr(0, comma)), address_);
    if (address_.find('@') != npos) links_.report(Zone::Address, LinkOrigin::Markup, address_);
    if (comma == npos) return;
    rest.remove_prefix(comma + 1);
  }
}

/// https://html.spec.whatwg.org/#parse-a-srcset-attribute
void MarkupLinks::candidates(std::string_view value) {
  std::size_t at = 0;
  while (true) {
    while (at < value.size() && (is_space(value[at]) || value[at] == ',')) at++;
    if (at >= value.size()) return;
    const std::size_t start = at;
    while (at < value.size() && !is_space(value[at])) at++;
    std::size_t end = at;
    while (end > start && value[end - 1] == ',') end--;
    url(value.substr(start, end - start));
    if (end < at) continue;
    for (int depth = 0; at < value.size() && (depth > 0 || value[at] != ','); at++) {
      if (value[at] == '(') depth++;
      if (value[at] == ')' && depth > 0) depth--;
    }
  }
}

void MarkupLinks::in_style(std::string_view value) {
  // A bracket is rarer than a letter.
  for (std::size_t at = value.find('('); at != npos; at = value.find('(', at)) {
    at++;
    if (at < 4 || !equals_caseless(value.substr(at - 4, 4), "url(")) continue;
    while (at < value.size() && is_space(value[at])) at++;
    const bool quoted = at < value.size() && (value[at] == '"' || value[at] == '\'');
    const char closing = quoted ? value[at++] : ')';
    const std::size_t end = std::min(value.find(closing, at), value.size());
    url(value.substr(at, end - at));
    at = end;
  }
}

/// https://html.spec.whatwg.org/#shared-declarative-refresh-steps
void MarkupLinks::refresh(std::string_view value) {
  std::size_t at = find_caseless(value, "url");
  if (at == npos) return;
  at += 3;
  while (at < value.size() && is_space(value[at])) at++;
  if (at >= value.size() || value[at] != '=') return;
  at++;
  while (at < value.size() && is_space(value[at])) at++;
  const bool quoted = at < value.size() && (value[at] == '"' || value[at] == '\'');
  const std::size_t end = quoted ? value.find(value[at], at + 1) : npos;
  const std::size_t start = quoted ? at + 1 : at;
  url(value.substr(start, end == npos ? npos : end - start));
}

}  // namespace sluice::text
