#include "mime/parameters.h"

#include <algorithm>

#include "mime/encoded_word.h"
#include "mime/octets.h"

namespace sluice {

namespace {

constexpr std::size_t most = 256;

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

std::size_t skip_token(std::string_view text, std::size_t at) {
  while (at < text.size() && is_token(text[at])) ++at;
  return at;
}

/// `name =`, as it follows a semicolon that was forgotten.
bool assignment_at(std::string_view text, std::size_t at) {
  const std::size_t end = skip_token(text, at);
  const std::size_t sign = skip_spaces(text, end);
  return end > at && sign < text.size() && text[sign] == '=';
}

/// Undoes a quoted-string; `at` stands behind the opening quote and is left behind the closing one. False: flawed.
bool read_quoted(std::string_view text, std::size_t& at, std::string& value) {
  bool good = true;
  while (at < text.size()) {
    const char c = text[at++];
    if (c == '"') return good;
    if (c == '\\' && at < text.size()) {
      good = good && (text[at] == '"' || text[at] == '\\');  // others are often meant as they stand: C:\temp
      value.push_back(text[at++]);
    } else if (c == '\n') {
      good = false;  // a fold: kept, dropped or turned into a space by different programs
      if (!value.empty() && value.back() == '\r') value.pop_back();
    } else {
      value.push_back(c);
    }
  }
  return false;
}

/// A value without quotes; specials and spaces in it are against the grammar, and common. False: flawed.
bool read_bare(std::string_view text, std::size_t& at, std::string& value) {
  const std::size_t start = at;
  while (at < text.size() && text[at] != ';' && !is_space(text[at])) ++at;
  std::size_t end = at;
  std::size_t next = at;
  const bool comment = skip_comments(text, next);
  bool good = !comment;
  if (next < text.size() && text[next] != ';' && !assignment_at(text, next)) {
    at = std::min(text.find(';', at), text.size());
    end = start + trim_end(text.substr(start, at - start)).size();
    good = false;
  }
  for (const char c : text.substr(start, end - start)) {
    good = good && is_token(c);
    if (c != '\r' && c != '\n') value.push_back(c);
  }
  return good && end > start;
}

}  // namespace

bool skip_comments(std::string_view text, std::size_t& at) {
  bool comment = false;
  for (;;) {
    at = skip_spaces(text, at);
    if (at >= text.size() || text[at] != '(') return comment;
    comment = true;
    std::size_t depth = 0;
    while (at < text.size()) {
      const char c = text[at++];
      if (c == '\\' && at < text.size()) ++at;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) break;
    }
  }
}

void Parameters::parse(std::string_view text) {
  entries_.clear();
  arena_.clear();
  notes_ = {};
  std::size_t at = 0;
  bool separated = false;
  for (;;) {
    if (skip_comments(text, at)) notes_.syntax = true;
    if (at >= text.size()) break;
    if (text[at] == ';') {
      separated = true;
      ++at;
      continue;
    }
    if (!separated || entries_.size() == most) notes_.syntax = true;
    if (entries_.size() == most) break;
    separated = false;
    const std::size_t name = at;
    at = skip_token(text, at);
    const std::string_view attribute = text.substr(name, at - name);
    const std::size_t behind = at;
    const bool comment = skip_comments(text, at);
    if (attribute.empty() || at >= text.size() || text[at] != '=') {
      notes_.syntax = true;
      if (attribute.empty()) at = std::min(text.find(';', at), text.size());
      continue;
    }
    std::size_t value = ++at;
    if (skip_comments(text, value) || comment || value != at || behind + 1 != at) notes_.syntax = true;
    at = value;
    const auto start = static_cast<std::uint32_t>(arena_.size());
    const bool quoted = at < text.size() && text[at] == '"';
    if (quoted) ++at;
    if (!(quoted ? read_quoted(text, at, arena_) : read_bare(text, at, arena_))) notes_.syntax = true;
    add(attribute, start, quoted);
    if (quoted && at < text.size() && text[at] != ';' && !is_space(text[at])) notes_.syntax = true;
  }
  look_for_duplicates();
}

/// The value stands in the arena from `value_start` on.
void Parameters::add(std::string_view name, std::uint32_t value_start, bool quoted) {
  Entry entry{};
  entry.value_start = value_start;
  entry.value_end = static_cast<std::uint32_t>(arena_.size());
  entry.section = -1;
  entry.quoted = quoted;
  // RFC 2231 §3, §4: name*, name*0, name*0*
  const std::size_t star = name.find('*');
  if (star != std::string_view::npos) {
    std::string_view rest = name.substr(star + 1);
    entry.extended = rest.empty() || rest.back() == '*';
    if (!rest.empty() && rest.back() == '*') rest.remove_suffix(1);
    const bool digits = std::all_of(rest.begin(), rest.end(), is_digit) && rest.size() <= 4;
    const bool wrong = !digits || (rest.empty() && star + 1 < name.size()) || (rest.size() > 1 && rest[0] == '0');
    if (wrong) notes_.continuation = true;
    if (digits && !rest.empty()) {
      entry.section = 0;
      for (const char c : rest) entry.section = entry.section * 10 + (c - '0');
    }
    name = name.substr(0, star);
  }
  entry.name_start = entry.value_end;
  append_lower(arena_, name);
  entry.name_end = static_cast<std::uint32_t>(arena_.size());
  entries_.push_back(entry);
}

void Parameters::look_for_duplicates() {
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Entry& a = entries_[i];
      const Entry& b = entries_[k];
      if (name_of(a) != name_of(b) || a.section != b.section) continue;
      if (a.section >= 0)
        notes_.continuation = true;
      else if (a.extended == b.extended)
        notes_.duplicate = true;
    }
  }
}

bool Parameters::plain(std::string_view name, std::string& value) const {
  for (const Entry& e : entries_) {
    if (e.section >= 0 || e.extended || name_of(e) != name) continue;
    value.assign(value_of(e));
    return true;
  }
  return false;
}

void Parameters::undo_percent(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '%' && i + 2 < value.size() && hex_value(value[i + 1]) >= 0 && hex_value(value[i + 2]) >= 0) {
      octets_.push_back(static_cast<char>(hex_value(value[i + 1]) * 16 + hex_value(value[i + 2])));
      i += 2;
    } else {
      if (value[i] == '%') notes_.syntax = true;
      octets_.push_back(value[i]);
    }
  }
}

/// charset'language'text (RFC 2231 §4), the first of them with its charset.
void Parameters::undo_extended(std::string_view value, bool first, std::string& label) {
  if (first) {
    const std::size_t charset = value.find('\'');
    const std::size_t language = charset == std::string_view::npos ? charset : value.find('\'', charset + 1);
    if (language == std::string_view::npos) {
      notes_.syntax = true;
    } else {
      append_lower(label, value.substr(0, charset));
      value.remove_prefix(language + 1);
    }
  }
  undo_percent(value);
}

bool Parameters::extended(std::string_view name, std::string& value) {
  sections_.clear();
  const Entry* whole = nullptr;
  for (const Entry& e : entries_) {
    if (name_of(e) != name) continue;
    if (e.section >= 0) sections_.push_back(&e);
    if (e.section < 0 && e.extended && whole == nullptr) whole = &e;
  }
  if (whole == nullptr && sections_.empty()) return false;
  if (whole != nullptr && !sections_.empty()) notes_.continuation = true;
  if (whole != nullptr) sections_.assign(1, whole);
  std::stable_sort(sections_.begin(), sections_.end(),
                   [](const Entry* a, const Entry* b) { return a->section < b->section; });
  octets_.clear();
  std::string label;
  std::int32_t next = whole != nullptr ? -1 : 0;
  for (const Entry* e : sections_) {
    if (e->section < next) continue;  // the same section again
    if (e->section != next) notes_.continuation = true;
    if (e->extended && e->quoted) notes_.syntax = true;
    if (e->extended)
      undo_extended(value_of(*e), next <= 0, label);
    else
      octets_.append(value_of(*e));
    next = e->section + 1;
  }
  value.clear();
  if (!to_utf8(label, octets_, value, scratch_)) notes_.syntax = true;
  return true;
}

}  // namespace sluice
