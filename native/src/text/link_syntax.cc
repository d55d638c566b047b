#include "text/link_syntax.h"

#include "text/ascii.h"

namespace sluice::text {

namespace {

constexpr std::size_t longest_local = 64;    // RFC 5321 §4.5.3.1.1
constexpr std::size_t longest_domain = 253;  // RFC 1035 §2.3.4, as text
constexpr std::size_t longest_scheme = 16;

constexpr std::string_view known_schemes[] = {"https", "http", "hxxps", "hxxp", "ftp"};

constexpr bool is_slash(char c) { return c == '/' || c == '\\'; }

constexpr bool is_local(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos;
}

constexpr bool is_scheme(char c) { return is_alphanumeric(c) || c == '+' || c == '.' || c == '-'; }

/// Octets of the punctuation mark beyond ASCII that begins at `at`, or 0.
std::size_t punctuation_at(std::string_view text, std::size_t at) {
  const auto has = [&](std::size_t i, unsigned first, unsigned last) {
    return at + i < text.size() && octet(text[at + i]) >= first && octet(text[at + i]) <= last;
  };
  switch (octet(text[at])) {
    case 0xc2: return has(1, 0xab, 0xab) || has(1, 0xbb, 0xbb) ? 2 : 0;  // « »
    case 0xe2: return has(1, 0x80, 0x80) && has(2, 0x90, 0xbf) ? 3 : 0;  // dashes, quotation marks, ellipsis
    case 0xe3: return has(1, 0x80, 0x80) && has(2, 0x81, 0x9f) ? 3 : 0;  // 、。〈〉「」【】
    case 0xef:  // ！（），：；？［］｛｝｡｢｣､
      if (has(1, 0xbc, 0xbc) && (has(2, 0x81, 0x82) || has(2, 0x87, 0x89) || has(2, 0x8c, 0x8c) || has(2, 0x9a, 0x9b) ||
                                 has(2, 0x9f, 0x9f) || has(2, 0xbb, 0xbb) || has(2, 0xbd, 0xbd)))
        return 3;
      return has(1, 0xbd, 0xbd) && (has(2, 0x9b, 0x9b) || has(2, 0x9d, 0x9d) || has(2, 0xa1, 0xa4)) ? 3 : 0;
    default: return 0;
  }
}

std::size_t url_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_ascii(text[at]) || punctuation_at(text, at) == 0)) at++;
  return at;
}

std::optional<FoundLink> url_from(std::string_view text, std::size_t start, std::size_t body) {
  const std::size_t rest = url_end(text, body);
  const std::size_t end = trim_link(text, start, body, rest);
  if (end == body) return std::nullopt;
  return FoundLink{Zone::Url, start, end, rest == text.size()};
}

std::optional<FoundLink> with_scheme(std::string_view text, std::size_t floor, std::size_t colon) {
  if (colon + 3 >= text.size() || !is_slash(text[colon + 1]) || !is_slash(text[colon + 2])) return std::nullopt;
  const std::string_view before = text.substr(floor, colon - floor);
  for (const std::string_view scheme : known_schemes)
    if (before.size() >= scheme.size() && equals_caseless(before.substr(before.size() - scheme.size()), scheme))
      return url_from(text, colon - scheme.size(), colon + 3);
  // Some other scheme, such as `file://` and what programs have registered.
  std::size_t start = colon;
  while (start > floor && colon - start <= longest_scheme && is_scheme(text[start - 1])) start--;
  while (start < colon && !is_letter(text[start])) start++;
  if (colon - start < 2 || colon - start > longest_scheme || text[colon + 1] != '/' || text[colon + 2] != '/')
    return std::nullopt;
  return url_from(text, start, colon + 3);
}

std::optional<FoundLink> with_www(std::string_view text, std::size_t floor, std::size_t dot) {
  if (dot < floor + 3 || !equals_caseless(text.substr(dot - 3, 3), "www")) return std::nullopt;
  const std::size_t start = dot - 3;
  if (start > floor && (is_alphanumeric(text[start - 1]) || text[start - 1] == '-' || text[start - 1] == '.'))
    return std::nullopt;
  if (dot + 1 >= text.size() || (is_ascii(text[dot + 1]) && !is_alphanumeric(text[dot + 1]))) return std::nullopt;
  return url_from(text, start, dot + 1);
}

/// Where a letter beyond ASCII ends that belongs to a script with spaces: such are two octets long. Those of other scripts
/// stand right beside links that they are no part of.
bool is_letter_before(std::string_view text, std::size_t floor, std::size_t end) {
  return end >= floor + 2 && (octet(text[end - 1]) & 0xc0) == 0x80 && octet(text[end - 2]) >= 0xc3 &&
         octet(text[end - 2]) <= 0xdf;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-';
}

/// Whether that can be a domain: two labels or more, and the last one is not a number.
bool is_domain(std::string_view domain, bool ascii_top) {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (!is_label(label)) return false;
    labels++;
    if (dot != std::string_view::npos) {
      domain.remove_prefix(dot + 1);
      continue;
    }
    if (labels < 2 || label.size() < 2) return false;
    if (begins_caseless(label, "xn--")) return true;
    for (const char c : label)
      if (!is_letter(c) && (ascii_top || is_ascii(c))) return false;
    return true;
  }
}

std::optional<FoundLink> address(std::string_view text, std::size_t floor, std::size_t at) {
  std::size_t start = at;
  while (start > floor && at - start < longest_local) {
    if (is_local(text[start - 1])) start--;
    else if (is_letter_before(text, floor, start)) start -= 2;
    else break;
  }
  while (start < at && is_ascii(text[start]) && !is_alphanumeric(text[start]) && text[start] != '_') start++;
  std::size_t end = at + 1;
  for (; end < text.size() && end - at <= longest_domain; end++) {
    const char c = text[end];
    if (is_ascii(c) ? !is_alphanumeric(c) && c != '-' && c != '.' : punctuation_at(text, end) > 0) break;
    // A script without spaces goes on right behind a domain in ASCII.
    if (octet(c) >= 0xe0 && is_letter(text[end - 1]) && is_domain(text.substr(at + 1, end - at - 1), true)) break;
  }
  while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) end--;
  if (start == at || !is_domain(text.substr(at + 1, end - at - 1), false)) return std::nullopt;
  // Never cut within a character.
  if (end < text.size() && (octet(text[end]) & 0xc0) == 0x80) return std::nullopt;
  return FoundLink{Zone::Address, start, end, false};
}

std::optional<FoundLink> before_slash(std::string_view text, std::size_t floor, std::size_t slash) {
  std::size_t start = slash;
  while (start > floor && slash - start < longest_domain) {
    const char c = text[start - 1];
    if (is_alphanumeric(c) || c == '-' || c == '.') start--;
    else if (is_letter_before(text, floor, start)) start -= 2;
    else break;
  }
  while (start < slash && (text[start] == '-' || text[start] == '.')) start++;
  // Part of a path.
  if (start > floor && is_slash(text[start - 1])) return std::nullopt;
  if (!is_domain(text.substr(start, slash - start), true)) return std::nullopt;
  return url_from(text, start, slash);
}

}  // namespace

std::size_t trim_link(std::string_view text, std::size_t start, std::size_t least, std::size_t end) {
  // Brackets: how many more are opened than closed.
  int round = 0, square = 0, curly = 0;
  for (std::size_t i = start; i < end; i++) {
    switch (text[i]) {
      case '(': round++; break;
      case ')': round--; break;
      case '[': square++; break;
      case ']': square--; break;
      case '{': curly++; break;
      case '}': curly--; break;
      default: break;
    }
  }
  for (; end > least; end--) {
    switch (text[end - 1]) {
      case '.':
      case ',':
      case ';':
      case ':':
      case '!':
      case '?':
      case '\'':
      case '*':
      case '`':
      case '|': continue;
      case ')':
        if (round++ < 0) continue;
        break;
      case ']':
        if (square++ < 0) continue;
        break;
      case '}':
        if (curly++ < 0) continue;
        break;
      default: break;
    }
    break;
  }
  return end;
}

std::optional<FoundLink> recognise_link(std::string_view text, std::size_t floor, std::size_t at) {
  switch (text[at]) {
    case ':': return with_scheme(text, floor, at);
    case '@': return address(text, floor, at);
    case '.': return with_www(text, floor, at);
    case '/': return before_slash(text, floor, at);
    default: return std::nullopt;
  }
}

}  // namespace sluice::text
