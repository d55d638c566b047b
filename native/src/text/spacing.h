// White space folded and characters without width dropped, as readable.h says.
//
// Promises: linear; runs of printable octets are copied in bulk; what comes out does not depend on the cuts, except for where
// its pieces are cut; at most one character and one decision about white space is held back.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "flag.h"
#include "text/printable.h"

namespace sluice::text {

/// Takes folded text.
class Folded {
 public:
  virtual ~Folded() = default;
  virtual void folded(std::string_view piece) = 0;
};

/// What line ends are in a text: they separate paragraphs, or are but white space (HTML).
enum class LineEnds : std::uint8_t { Count, AreSpaces };

class Spacing {
 public:
  Spacing(Folded& target, Faults& faults, LineEnds line_ends);
  void write(std::string_view piece);
  /// White space that is not written but seen: between cells, at `<br>`, between blocks.
  void space();
  void line_end();
  void block();
  /// Hands over what is decided.
  void flush();
  /// The text is complete.
  void end();
  /// Octets of folded text so far.
  std::uint64_t size() const { return size_ + filled_; }

 private:
  const char* plain(const char* at, const char* end);
  const char* special(const char* at, const char* end);
  const char* take_line_end(const char* at, const char* end);
  void decide(std::string_view character);
  void settle();
  void append(std::string_view character);

  Folded& target_;
  Faults& faults_;
  const LineEnds counts_;
  const CopyPrintable copy_;
  const std::unique_ptr<char[]> out_;
  std::size_t filled_ = 0;
  std::uint64_t size_ = 0;
  bool space_ = false;
  unsigned line_ends_ = 0;
  bool was_cr_ = false;
  bool invisible_ = false;
  char held_[4] = {};
  std::size_t held_size_ = 0;
};

/// What a reader sees of a character.
enum class Seen : std::uint8_t { Visible, Space, LineEnd, Paragraph, Invisible };
/// `character` is one character in UTF-8, not in ASCII.
Seen seen(std::string_view character);

}  // namespace sluice::text
