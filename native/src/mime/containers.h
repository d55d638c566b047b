// The multiparts and messages that are open around the place that is being read, and the boundaries that count there.
//
// Promises: a line is compared with at most as many boundaries as parts may be nested (limits.depth), each in one comparison.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

struct Container {
  std::uint32_t part = 0;
  bool multipart = false;
  bool digest = false;  // the default type of its parts is message/rfc822 (RFC 2046 §5.1.5)
  bool met = false;     // its boundary occurred
  bool closed = false;  // its closing boundary occurred
  std::string boundary;
};

struct Judgement {
  enum class Kind : std::uint8_t { Content, Near, Delimiter, Close };
  Kind kind;
  std::size_t level;  // of the container that it belongs to
};

/// The longest line, without its break, that is taken for a delimiter.
inline constexpr std::size_t longest_delimiter = 2'048;

class Containers {
 public:
  std::size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  Container& at(std::size_t level) { return all_[level]; }
  Container& top() { return all_[count_ - 1]; }
  /// Whether any boundary is awaited.
  bool awaiting() const { return awaiting_ > 0; }

  /// `boundary` empty: a message. True when it is the beginning of one around it, or the other way about.
  bool push(std::uint32_t part, std::string_view boundary, bool digest);
  void pop();
  void close(std::size_t level);
  void clear();

  /// What a whole line is, without its line break. Of a longer one than a delimiter can be the beginning counts.
  Judgement judge(std::string_view line) const;
  /// Whether the beginning of a line can become a delimiter, or something near one.
  bool may_become(std::string_view line) const;

 private:
  std::optional<Judgement> exact(std::string_view line) const;
  Judgement near(std::string_view text) const;
  bool awaited(std::size_t level) const { return all_[level].multipart && !all_[level].closed; }

  std::vector<Container> all_;  // strings keep their memory
  std::size_t count_ = 0;
  std::size_t awaiting_ = 0;
};

}  // namespace sluice
