#include <algorithm>

#include "model/groups.h"
#include "model/mailbox.h"
#include "model/shapes.h"

namespace sluice {

namespace {

constexpr FeatureGroup group = FeatureGroup::Url;

enum HostForm : std::uint32_t { numeric, port, user, punycode, no_scheme, digits, high_octets, of_sender };

constexpr int most_path_words = 12;
constexpr int most_parameters = 8;
constexpr std::size_t longest_word_of_path = 30;

struct Url {
  std::string_view scheme;
  std::string_view user;
  std::string_view host;
  std::string_view port;
  std::string_view path;
  std::string_view query;
};

std::string_view cut_before(std::string_view& text, std::size_t at) {
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(std::min(at, text.size()));
  return head;
}

/// Any octets are a URL of some kind: what no browser would follow is a feature, too.
Url read_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon != text.npos) {
    url.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 3);
  }
  std::string_view authority = cut_before(text, text.find_first_of("/?#\\"));
  const std::size_t at = authority.rfind('@');
  if (at != authority.npos) {
    url.user = authority.substr(0, at + 1);
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port_colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  if (port_colon != authority.npos) url.port = authority.substr(port_colon);
  url.host = authority.substr(0, port_colon);
  while (url.host.ends_with('.')) url.host.remove_suffix(1);
  url.path = cut_before(text, text.find_first_of("?#"));
  url.query = cut_before(text, text.find('#'));
  if (!url.query.empty()) url.query.remove_prefix(1);
  return url;
}

constexpr bool is_digit(char octet) { return octet >= '0' && octet <= '9'; }
constexpr bool is_high(char octet) { return static_cast<unsigned char>(octet) > 127; }
constexpr bool is_numeric(char octet) { return is_digit(octet) || octet == '.'; }
constexpr bool is_path_letter(char octet) {
  return (octet >= 'a' && octet <= 'z') || is_digit(octet) || is_high(octet);
}

class UrlFeatures {
 public:
  UrlFeatures(const MessageView& view, Collector& collector)
      : view_(view), collector_(collector), sender_(sender_domain(view)) {}

  void add() {
    for (const LinkRow& link : view_.output().links) {
      if (!view_.says(link.part)) continue;
      if (link.zone == static_cast<std::uint32_t>(Zone::Url))
        add_url(view_.record(link.part, Zone::Url, link.start, link.end));
      else if (link.zone == static_cast<std::uint32_t>(Zone::Address))
        add_address(view_.record(link.part, Zone::Address, link.start, link.end));
    }
  }

 private:
  void add_feature(Kind kind, std::uint32_t first, std::uint32_t second = 0) {
    collector_.add(group, kind, first, second);
  }

  void add_address(std::string_view address) {
    const Lowered domain(read_address(address).domain);
    each_suffix(domain.text(),
                [&](std::string_view suffix) { add_feature(Kind::AddressDomain, hash_of(suffix)); });
  }

  void add_url(std::string_view text) {
    const Url url = read_url(text);
    add_feature(Kind::Scheme, hash_of(Lowered(url.scheme).text()));
    add_host(url);
    add_path(url.path);
    add_query(url.query);
  }

  void add_host(const Url& url) {
    const Lowered lowered(url.host);
    const std::string_view host = lowered.text();
    const auto form = [&](HostForm name, bool holds) {
      if (holds) add_feature(Kind::HostForm, name);
    };
    const bool literal =
        host.starts_with('[') || (!host.empty() && std::all_of(host.begin(), host.end(), is_numeric));
    if (literal)
      add_feature(Kind::Host, hash_of(host));
    else
      each_suffix(host, [&](std::string_view suffix) { add_feature(Kind::Host, hash_of(suffix)); });
    form(numeric, literal);
    form(port, !url.port.empty());
    form(user, !url.user.empty());
    form(punycode, host.find("xn--") != host.npos);
    form(no_scheme, url.scheme.empty());
    form(digits, !literal && std::any_of(host.begin(), host.end(), is_digit));
    form(high_octets, std::any_of(host.begin(), host.end(), is_high));
    form(of_sender, is_related(host, sender_.text()));
    add_feature(Kind::HostLabels, static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(
                                      std::count(host.begin(), host.end(), '.'), 8)));
    add_feature(Kind::HostSize, bin_of(host.size()));
  }

  void add_path(std::string_view path) {
    add_feature(Kind::PathSize, bin_of(path.size()));
    add_feature(Kind::PathShape, Shape(path).hash());
    const Lowered lowered(path);
    const std::string_view known = lowered.text();
    const std::size_t dot = known.rfind('.');
    if (dot != known.npos && known.find('/', dot) == known.npos)
      add_feature(Kind::PathSuffix, hash_of(known.substr(dot).substr(0, 12)));
    for (std::size_t at = 0, words = 0; at < known.size() && words < most_path_words;) {
      std::size_t end = at;
      while (end < known.size() && is_path_letter(known[end])) ++end;
      // What is long or has digits in it is made for one mail.
      const std::string_view word = known.substr(at, end - at);
      if (word.size() > 1 && word.size() <= longest_word_of_path &&
          std::none_of(word.begin(), word.end(), is_digit)) {
        add_feature(Kind::PathWord, hash_of(word));
        ++words;
      }
      at = end + 1;
    }
  }

  void add_query(std::string_view query) {
    for (int count = 0; !query.empty() && count < most_parameters; ++count) {
      const std::string_view parameter = cut_before(query, query.find('&'));
      if (!query.empty()) query.remove_prefix(1);
      add_feature(
          Kind::Query,
          hash_of(Lowered(parameter.substr(0, std::min(parameter.find('='), parameter.size()))).text()));
    }
  }

  const MessageView& view_;
  Collector& collector_;
  Lowered sender_;
};

}  // namespace

void add_urls(const MessageView& view, Collector& collector) { UrlFeatures(view, collector).add(); }

}  // namespace sluice
