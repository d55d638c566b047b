#include "matching/expression.h"

#include <hs.h>

#include <algorithm>

#include "matching/caseless.h"

namespace sluice {
namespace {

/// A literal with no more spellings than this is given as so many plain strings, which is what the search is fastest with.
constexpr std::size_t most_strings = 8;

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

std::size_t count_strings(const std::vector<Spellings>& characters) {
  std::size_t count = 1;
  for (const Spellings& spellings : characters) count = std::min(count * spellings.size(), most_strings + 1);
  return count;
}

std::vector<std::string> strings_of(const std::vector<Spellings>& characters) {
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

std::string one_expression(const std::vector<Spellings>& characters) {
  std::string expression;
  for (const Spellings& spellings : characters) {
    if (spellings.size() == 1) {
      expression += escape(spellings.front());
      continue;
    }
    expression += "(?:";
    for (const std::string& spelling : spellings) expression += escape(spelling) + '|';
    expression.back() = ')';
  }
  return expression;
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
  if (count_strings(characters) > most_strings) {
    translation.expressions.push_back({.source = one_expression(characters), .flags = flags});
    return translation;
  }
  for (std::string& string : strings_of(characters)) {
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
