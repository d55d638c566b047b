#include "decoding/uuencode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "decoding/search.h"

namespace sluice {

namespace {

/// The longest line that can be a `begin` line or one of a file, without its line end.
constexpr std::size_t longest_line = 128;
constexpr std::string_view begin_word = "begin ";

constexpr bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// The file name of a `begin` line, empty when it is none: POSIX uuencode, "begin %s %s" with an octal mode.
std::string_view name_of(std::string_view line) {
  if (line.size() > longest_line || !line.starts_with(begin_word)) return {};
  line.remove_prefix(begin_word.size());
  std::size_t digits = 0;
  while (digits < line.size() && is_octal(line[digits])) ++digits;
  if (digits < 3 || digits > 4 || digits == line.size() || line[digits] != ' ') return {};
  return line.substr(digits + 1);
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class UuencodeSplitter final : public Sink {
 public:
  UuencodeSplitter(Sink& text, FileSinks& files, Faults& faults) : text_(text), files_(files), faults_(faults) {}

  void write(std::string_view piece) override {
    while (!piece.empty()) piece.remove_prefix(state_ == State::Text ? read_text(piece) : read_line(piece));
  }

  void end() override {
    if (state_ != State::Text && !line_.empty()) take_file_line();
    if (state_ == State::Text) end_text();
    else break_file();
    text_.end();
  }

 private:
  enum class State { Text, File, FileEnd };

  /// Passes lines on until one may be a `begin` line; that one is gathered.
  std::size_t read_text(std::string_view piece) {
    if (gathering_) return gather(piece);
    std::size_t at = 0;
    while (at < piece.size()) {
      if (at_line_start_ && may_begin(piece.substr(at))) {
        if (at > 0) text_.write(piece.substr(0, at));
        gathering_ = true;
        return at;
      }
      at += find_line_with(begin_word[0], piece.data() + at, piece.size() - at);
      at_line_start_ = piece[at - 1] == '\n';
    }
    text_.write(piece);
    return piece.size();
  }

  /// Called per line, of which few begin with this letter.
  static bool may_begin(std::string_view rest) {
    if (rest[0] != begin_word[0]) return false;
    const std::size_t size = std::min(rest.size(), begin_word.size());
    return std::memcmp(rest.data(), begin_word.data(), size) == 0;
  }

  std::size_t gather(std::string_view piece) {
    const std::size_t used = append_line(piece);
    const bool complete = line_.ends_with('\n');
    if (complete && !name_of(without_line_end(line_)).empty()) {
      open_file();
    } else if (complete || line_.size() >= longest_line + 2 || !may_begin(line_)) {
      release_line();
    }
    return used;
  }

  /// As much of the piece as is needed to know what the line is.
  std::size_t append_line(std::string_view piece) {
    const std::size_t most = std::min(piece.size(), longest_line + 2 - line_.size());
    const std::size_t newline = piece.substr(0, most).find('\n');
    const std::size_t used = newline == std::string_view::npos ? most : newline + 1;
    line_.append(piece.substr(0, used));
    return used;
  }

  void release_line() {
    text_.write(line_);
    at_line_start_ = line_.ends_with('\n');
    line_.clear();
    gathering_ = false;
  }

  void open_file() {
    faults_.raise(Flag::Uuencode);
    file_ = files_.open(name_of(without_line_end(line_)));
    line_.clear();
    gathering_ = false;
    state_ = State::File;
  }

  void end_text() {
    if (!gathering_) return;
    if (name_of(without_line_end(line_)).empty()) return release_line();
    open_file();
    break_file();
  }

  std::size_t read_line(std::string_view piece) {
    const std::size_t used = append_line(piece);
    if (line_.ends_with('\n') || line_.size() >= longest_line + 2) take_file_line();
    return used;
  }

  void take_file_line() {
    const std::string_view line = without_line_end(line_);
    if (line == "end") {
      end_file();
      line_.clear();
    } else if (state_ == State::File && decode(line)) {
      line_.clear();
    } else {
      break_file();
      reread_as_text();
    }
  }

  bool decode(std::string_view line) {
    for (const char c : line)
      if (c < 0x20 || c > 0x60) return false;
    const std::size_t size = line.empty() ? 0 : value(line[0]);
    if (size == 0) {
      if (line.size() > 1) return false;
      state_ = State::FileEnd;
      return true;
    }
    const std::size_t characters = (size + 2) / 3 * 4;
    if (line.size() > characters + 2) return false;
    if (line.size() < characters + 1) raise_broken();
    std::array<char, 66> octets{};
    for (std::size_t i = 0; i < characters; i += 4) {
      const std::uint32_t group = at(line, i + 1) << 18 | at(line, i + 2) << 12 | at(line, i + 3) << 6 | at(line, i + 4);
      octets[i / 4 * 3] = static_cast<char>(group >> 16);
      octets[i / 4 * 3 + 1] = static_cast<char>(group >> 8);
      octets[i / 4 * 3 + 2] = static_cast<char>(group);
    }
    if (file_ != nullptr) file_->write({octets.data(), size});
    return true;
  }

  static std::uint32_t value(char c) { return (static_cast<std::uint32_t>(c) - 0x20) & 0x3F; }
  /// What is missing at the end was spaces that the way has taken.
  static std::uint32_t at(std::string_view line, std::size_t place) { return place < line.size() ? value(line[place]) : 0; }

  void end_file() {
    if (file_ != nullptr) file_->end();
    file_ = nullptr;
    state_ = State::Text;
    at_line_start_ = true;
  }

  void break_file() {
    raise_broken();
    end_file();
  }

  void raise_broken() {
    if (!broken_) faults_.raise(Flag::UuencodeBroken);
    broken_ = true;
  }

  /// The line that ended a file may begin another.
  void reread_as_text() {
    const std::string line = std::move(line_);
    line_.clear();
    std::string_view rest = line;
    while (!rest.empty()) rest.remove_prefix(read_text(rest));
  }

  Sink& text_;
  FileSinks& files_;
  Faults& faults_;
  State state_ = State::Text;
  Sink* file_ = nullptr;
  std::string line_;
  bool at_line_start_ = true;
  bool gathering_ = false;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_uuencode_splitter(Sink& text, FileSinks& files, Faults& faults) {
  return std::make_unique<UuencodeSplitter>(text, files, faults);
}

}  // namespace sluice
