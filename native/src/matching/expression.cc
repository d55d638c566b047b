#include "matching/expression.h"

#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "matching/caseless.h"
#include "matching/utf8.h"

namespace sluice {
namespace {

/// So many strings a literal, at most. Thousand phrases in Cyrillic, each as one expression, took the compiler six times as
/// long, four times the memory, and the search twice the time. Fewer strings mean shorter ends, which occur too often.
constexpr std::size_t most_strings = 32;

bool is_plain(char octet) {
  return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z') || octet == ' ';
}

std::string escape(std::string_view octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string escaped;
  for (const char octet : octets) {
    if (is_plain(octet)) {
      escaped.push_back(octet);
      continue;
    }
    const auto value = static_cast<unsigned char>(octet);
    escaped.append({'\\', 'x', digits[value >> 4U], digits[value & 0xfU]});
  }
  return escaped;
}

/// How many of the first characters must be left out, so that the others have no more spellings than that.
std::size_t head_of(const std::vector<Spellings>& characters) {
  std::size_t count = 1;
  for (std::size_t head = characters.size(); head > 0; --head) {
    count *= characters[head - 1].size();
    if (count > most_strings) return head;
  }
  return 0;
}

std::vector<std::string> strings_of(std::span<const Spellings> characters) {
  std::vector<std::string> strings{""};
  for (const Spellings& spellings : characters) {
    std::vector<std::string> longer;
    for (const std::string& string : strings) {
      for (const std::string& spelling : spellings) longer.push_back(string + escape(spelling));
    }
    strings = std::move(longer);
  }
  return strings;
}

bool has_one_length(const std::vector<Spellings>& characters) {
  return std::ranges::all_of(characters, [](const Spellings& spellings) {
    return std::ranges::all_of(spellings, [&](const std::string& spelling) {
      return spelling.size() == spellings.front().size();
    });
  });
}

Translation translate_literal(const Pattern& pattern) {
  if (pattern.text.empty()) return {.expressions = {}, .facts = {}, .refusal = "an empty text is everywhere"};
  if (pattern.text.size() > longest_literal) {
    return {.expressions = {}, .facts = {}, .refusal = "the text is longer than " + std::to_string(longest_literal) + " octets"};
  }
  const std::vector<Spellings> characters = spellings_of(pattern.text, pattern.caseless);
  if (characters.empty()) return {.expressions = {}, .facts = {}, .refusal = "the text is not UTF-8"};
  Translation translation;
  translation.facts.word = pattern.word;
  translation.facts.line_feed = pattern.text.find('\n') == std::string::npos ? 0 : 1;
  if (has_one_length(characters)) {
    translation.facts.octets = static_cast<std::uint16_t>(pattern.text.size());
  } else {
    translation.facts.points = static_cast<std::uint16_t>(characters.size());
  }
  const unsigned flags = pattern.caseless ? HS_FLAG_CASELESS : 0;
  const std::size_t head = head_of(characters);
  translation.facts.head_points = static_cast<std::uint16_t>(head);
  if (head > 0) translation.facts.points = static_cast<std::uint16_t>(characters.size());
  for (std::size_t at = head; at > 0; --at) {
    translation.head.push_back(folded(utf8_point(characters[at - 1].front())));
  }
  for (std::string& string : strings_of(std::span(characters).subspan(head))) {
    translation.expressions.push_back({.source = std::move(string), .flags = flags});
  }
  return translation;
}

unsigned flags_of(const Pattern& pattern, bool octets, bool prefilter) {
  unsigned flags = 0;
  if (pattern.caseless) flags |= HS_FLAG_CASELESS;
  if (pattern.dotall) flags |= HS_FLAG_DOTALL;
  if (pattern.multiline) flags |= HS_FLAG_MULTILINE;
  if (pattern.unicode && !octets) flags |= HS_FLAG_UTF8 | HS_FLAG_UCP;
  if (prefilter) flags |= HS_FLAG_PREFILTER;
  // The start of a match is known for whole expressions only, never for the approximation of one.
  flags |= pattern.every && !prefilter ? HS_FLAG_SOM_LEFTMOST : HS_FLAG_SINGLEMATCH;
  return flags;
}

/// Who matches nothing matches everywhere, and Hyperscan wants to be told that this is meant.
bool matches_nothing(const Expression& expression) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t result =
      hs_expression_info(expression.source.c_str(), expression.flags | HS_FLAG_ALLOWEMPTY, &info, &error);
  const bool nothing = result == HS_SUCCESS && info->min_width == 0;
  hs_free_compile_error(error);
  std::free(info);
  return nothing;
}

}  // namespace

Translation translate(const Pattern& pattern, bool octets, bool prefilter) {
  if (pattern.kind == PatternKind::Literal) return translate_literal(pattern);
  if (pattern.text.find('\0') != std::string::npos) {
    return {.expressions = {}, .facts = {}, .refusal = "the expression contains an octet of value zero; write \\x00"};
  }
  Expression expression{.source = pattern.text, .flags = flags_of(pattern, octets, prefilter)};
  if (matches_nothing(expression)) expression.flags |= HS_FLAG_ALLOWEMPTY;
  return {.expressions = {std::move(expression)}, .facts = {}, .refusal = {}};
}

}  // namespace sluice
