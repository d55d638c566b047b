#include "mime/encoded_word.h"

#include "decoding/charset.h"
#include "mime/octets.h"

namespace sluice {

namespace {

constexpr std::size_t longest_charset = 64;

/// RFC 2047 §4.2. True when every escape is one.
bool undo_q(std::string_view text, std::string& octets) {
  bool good = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_') {
      octets.push_back(' ');
    } else if (c == '=' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      octets.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    } else {
      good = good && c != '=' && c != '?' && !is_space(c) && static_cast<unsigned char>(c) < 128;
      octets.push_back(c);
    }
  }
  return good;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// RFC 2047 §4.1. True when it is whole groups of the alphabet.
bool undo_b(std::string_view text, std::string& octets) {
  bool good = text.size() % 4 == 0;
  unsigned bits = 0;
  int count = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding > 0) {
      good = false;
      continue;  // behind the padding nothing counts
    }
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      octets.push_back(static_cast<char>(bits >> count & 0xFF));
    }
  }
  return good && padding <= 2;
}

bool is_blank_text(std::string_view text) {
  for (const char c : text)
    if (!is_space(c)) return false;
  return true;
}

}  // namespace

bool to_utf8(std::string_view label, std::string_view octets, std::string& appended, std::string& scratch) {
  const bool plain = label.empty() || label == "us-ascii" || label == "utf-8";
  const bool ascii = is_ascii(octets);
  const bool known = label == "utf-8" || (!plain && is_known_charset(label));
  if (ascii && (plain || !known)) {  // most words are this, and a header of nothing else must be cheap
    appended.append(octets);
    return plain;
  }
  scratch.clear();
  if (known) {
    const bool good = decode_charset(label, octets, scratch);
    appended.append(scratch);
    return good;
  }
  if (decode_charset("utf-8", octets, scratch)) {
    appended.append(scratch);
    return label.empty();
  }
  scratch.clear();
  decode_charset("windows-1252", octets, scratch);
  appended.append(scratch);
  return false;
}

struct HeaderText::Word {
  std::string_view charset;
  std::string_view text;
  bool base64;
  std::size_t end;
};

std::string_view HeaderText::unfold(std::string_view value) {
  if (value.find('\n') == std::string_view::npos) return value;
  unfolded_.clear();
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = value.find('\n', at);
    if (end == std::string_view::npos) end = value.size();
    const bool crlf = end < value.size() && end > at && value[end - 1] == '\r';
    unfolded_.append(value.substr(at, end - at - (crlf ? 1 : 0)));
    at = end + 1;
  }
  return unfolded_;
}

bool HeaderText::read_word(std::string_view text, std::size_t at, Word& word, Notes& notes) {
  std::size_t i = at + 2;
  const std::size_t charset = i;
  while (i < text.size() && i - charset <= longest_charset && text[i] > ' ' && text[i] < 127 && text[i] != '?') ++i;
  if (i + 2 >= text.size() || text[i] != '?' || text[i + 2] != '?') return false;
  const char encoding = lower(text[i + 1]);
  if (encoding != 'b' && encoding != 'q') return false;
  const std::size_t start = i + 3;
  // The nearest end is searched once for all words that have none.
  if (terminator_ < start) terminator_ = text.find("?=", start);
  if (terminator_ == std::string_view::npos) return false;
  word.charset = text.substr(charset, i - charset);
  word.charset = word.charset.substr(0, word.charset.find('*'));  // RFC 2231 §5: a language
  word.text = text.substr(start, terminator_ - start);
  word.base64 = encoding == 'b';
  word.end = terminator_ + 2;
  notes.encoded = true;
  return true;
}

void HeaderText::literal(std::string_view text, Notes& notes) {
  if (!to_utf8("", text, out_, piece_)) notes.raw = true;
}

void HeaderText::finish_words(Notes& notes) {
  const std::size_t from = out_.size();
  if (!to_utf8(charset_, octets_, out_, piece_) || charset_.empty()) notes.broken = true;
  // A line break or NUL that only shows up behind decoding is another header to some.
  for (std::size_t i = from; i < out_.size(); ++i)
    if (out_[i] == '\r' || out_[i] == '\n' || out_[i] == '\0') notes.broken = true;
  octets_.clear();
}

std::string_view HeaderText::decode(std::string_view value, Notes& notes) {
  const std::string_view text = trim(unfold(value));
  std::size_t at = text.find("=?");
  if (at == std::string_view::npos && is_ascii(text)) return text;
  out_.clear();
  octets_.clear();
  terminator_ = 0;
  bool waiting = false;
  std::size_t done = 0;
  for (; at != std::string_view::npos;) {
    Word word{};
    if (!read_word(text, at, word, notes)) {
      at = text.find("=?", at + 2);
      continue;
    }
    const std::string_view between = text.substr(done, at - done);
    // RFC 2047 §6.2: white space between neighbours is not shown.
    const bool neighbours = waiting && is_blank_text(between);
    if (waiting && !(neighbours && equal_caseless(word.charset, charset_))) {
      finish_words(notes);
      waiting = false;
    }
    if (!neighbours) literal(between, notes);
    if (!waiting) {
      charset_.clear();
      append_lower(charset_, word.charset);
    }
    if (!(word.base64 ? undo_b(word.text, octets_) : undo_q(word.text, octets_))) notes.broken = true;
    waiting = true;
    done = word.end;
    at = text.find("=?", done);
  }
  if (waiting) finish_words(notes);
  literal(text.substr(done), notes);
  return out_;
}

}  // namespace sluice
