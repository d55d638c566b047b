// The discipline of lines, checked in bulk: bare CR, bare LF, NUL, lines too long, octets above 127.
//
// Promises: every octet of the message passes here once, in order, whatever the cuts; on the way the places are found where a
// line may be a delimiter, so that bodies are read once. AVX2 where the machine has it, else octet by octet.
// A delimiter line is judged with the part that it ends.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mime/octets.h"
#include "mime/tables.h"

namespace sluice {

/// Whether "--" begins the text, with or without white space before it, or may begin it when more comes.
inline bool begins_dashes(const char* at, const char* end) {
  const char* const start = at;
  while (at < end && is_blank(*at)) ++at;
  if (at == end) return at != start;
  return *at == '-' && (at + 1 == end || at[1] == '-');
}

inline bool begins_dashes(std::string_view text) { return begins_dashes(text.data(), text.data() + text.size()); }

class Lines {
 public:
  struct Wanted {
    bool dashes;     // stop before a line that begins with "--", or with white space and "--"
    bool eight_bit;  // octets above 127 are a fault (RFC 2045 §6.2: 7bit)
  };

  /// `fast` false: octet by octet, for tests on machines that have better.
  explicit Lines(Tables& tables, bool fast = true);
  /// Examines octets of `part` that stand at `offset`; returns how many: all, or up to a line start where `begins_dashes`
  /// is true.
  std::size_t examine(std::string_view piece, std::uint64_t offset, std::uint32_t part, Wanted wanted);
  /// The message ended at `offset`.
  void finish(std::uint64_t offset, std::uint32_t part);
  void reset();

 private:
  struct Block;
  std::size_t examine_octets(std::string_view piece, std::size_t from, std::size_t to, std::uint64_t offset,
                             std::uint32_t part, Wanted wanted);
  std::size_t examine_avx2(std::string_view piece, std::uint64_t offset, std::uint32_t part, Wanted wanted);
  void line_end(std::uint64_t at, bool after_cr, std::uint32_t part);

  Tables& tables_;
  bool fast_;
  bool after_cr_ = false;
  std::uint64_t line_start_ = 0;
};

}  // namespace sluice
