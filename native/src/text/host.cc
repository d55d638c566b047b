#include "text/host.h"

#include "text/ascii.h"
#include "text/link_syntax.h"

namespace sluice::text {

namespace {

constexpr auto npos = std::string_view::npos;

constexpr bool is_slash(char c) { return c == '/' || c == '\\'; }

/// Where the host may begin: behind the scheme and its slashes.
std::size_t behind_scheme(std::string_view url) {
  std::size_t at = 0;
  while (at < url.size() && (is_alphanumeric(url[at]) || url[at] == '+' || url[at] == '.' || url[at] == '-')) at++;
  if (at < url.size() && url[at] == ':') at++;
  else at = 0;
  const std::string_view scheme = url.substr(0, at);
  // Browsers want no two slashes behind these.
  const bool web = equals_caseless(scheme, "http:") || equals_caseless(scheme, "https:") || equals_caseless(scheme, "ftp:");
  if (web || (at + 1 < url.size() && is_slash(url[at]) && is_slash(url[at + 1]))) {
    while (at < url.size() && is_slash(url[at])) at++;
    return at;
  }
  return at == 0 ? 0 : npos;
}

bool is_in_unicode(std::string_view host) {
  for (const char c : host)
    if (!is_ascii(c)) return true;
  return false;
}

bool is_in_punycode(std::string_view host) { return find_caseless(host, "xn--") != npos; }

bool is_below(std::string_view host, std::string_view domain) {
  if (host.size() <= domain.size() || host[host.size() - domain.size() - 1] != '.') return false;
  if (domain.find('.') == npos) return false;
  const std::string_view end = host.substr(host.size() - domain.size());
  for (std::size_t i = 0; i < end.size(); i++)
    if (lower(end[i]) != lower(domain[i])) return false;
  return true;
}

bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); i++)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string_view without_www(std::string_view host) {
  return begins_caseless(host, "www.") ? host.substr(4) : host;
}

/// A word that is a domain, and maybe a path: `example.com`, `example.com/offers`.
bool is_bare_domain(std::string_view host) {
  std::size_t dot = host.rfind('.');
  if (dot == npos || dot == 0 || host.size() - dot < 3) return false;
  for (const char c : host.substr(dot + 1))
    if (!is_letter(c)) return begins_caseless(host.substr(dot + 1), "xn--");
  for (const char c : host)
    if (is_ascii(c) && !is_alphanumeric(c) && c != '-' && c != '.') return false;
  return true;
}

}  // namespace

std::string_view host_of(std::string_view url) {
  const std::size_t start = behind_scheme(url);
  if (start == npos) return {};
  std::size_t end = start;
  while (end < url.size() && !is_slash(url[end]) && url[end] != '?' && url[end] != '#') end++;
  std::string_view host = url.substr(start, end - start);
  if (const std::size_t user = host.rfind('@'); user != npos) host.remove_prefix(user + 1);
  if (!host.empty() && host.front() == '[') return host.substr(0, host.find(']') + 1);
  if (const std::size_t port = host.find(':'); port != npos) host = host.substr(0, port);
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  return host;
}

std::string_view host_shown(std::string_view text) {
  text = trimmed(text);
  for (std::size_t at = 0; at < text.size(); at++) {
    if (text[at] != ':' && text[at] != '.') continue;
    const auto link = recognise_link(text, 0, at);
    if (!link || link->zone != Zone::Url) continue;
    const std::string_view url = text.substr(link->start, link->end - link->start);
    const std::size_t space = url.find_first_of(" \n<>\"");
    return host_of(url.substr(0, space));
  }
  if (text.find_first_of(" \n@:") != npos) return {};
  const std::string_view host = host_of(text);
  return is_bare_domain(host) ? host : std::string_view{};
}

bool may_be_same_site(std::string_view a, std::string_view b) {
  a = without_www(a);
  b = without_www(b);
  if (a.empty() || b.empty() || (is_in_unicode(a) && is_in_punycode(b)) || (is_in_punycode(a) && is_in_unicode(b)))
    return true;
  return are_equal(a, b) || is_below(a, b) || is_below(b, a);
}

}  // namespace sluice::text
