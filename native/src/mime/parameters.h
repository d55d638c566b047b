// Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), with continuations and charsets (RFC 2231).
//
// Promises: linear; at most 256 parameters are kept; whatever stands there is read in one way, and everything that another
// program may read in another way is told. Of a parameter that is given twice the first counts.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

class Parameters {
 public:
  struct Notes {
    bool syntax = false;
    bool duplicate = false;
    bool continuation = false;
  };

  /// Everything behind the media type or the disposition, folds included.
  void parse(std::string_view text);
  const Notes& notes() const { return notes_; }
  /// The caller found that a value by RFC 2231 may be read otherwise.
  void doubt_continuation() { notes_.continuation = true; }
  /// The octets of the plain value. False: there is none.
  bool plain(std::string_view name, std::string& value) const;
  /// The value by RFC 2231, in UTF-8. False: there is none.
  bool extended(std::string_view name, std::string& value);

 private:
  struct Entry {
    std::uint32_t name_start, name_end;
    std::uint32_t value_start, value_end;
    std::int32_t section;  // RFC 2231 §3; -1: none
    bool extended;         // RFC 2231 §4
    bool quoted;
  };

  void add(std::string_view name, std::uint32_t value_start, bool quoted);
  void look_for_duplicates();
  std::string_view name_of(const Entry& e) const { return std::string_view(arena_).substr(e.name_start, e.name_end - e.name_start); }
  std::string_view value_of(const Entry& e) const { return std::string_view(arena_).substr(e.value_start, e.value_end - e.value_start); }
  void undo_extended(std::string_view value, bool first, std::string& label);
  void undo_percent(std::string_view value);

  std::vector<Entry> entries_;
  std::vector<const Entry*> sections_;
  std::string arena_;
  std::string octets_;
  std::string scratch_;
  Notes notes_;
};

/// Skips white space and comments (RFC 5322 §3.2.2). True when there was a comment.
bool skip_comments(std::string_view text, std::size_t& at);

}  // namespace sluice
