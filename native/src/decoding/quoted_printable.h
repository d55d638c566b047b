// Quoted-printable undone (RFC 2045 §6.7).
//
// Promises: `=` and two hexadecimal digits of either case are an octet; `=`, white space and a line end (CRLF or LF, or the
// end of the body) are nothing; any other `=` stays as it stands and raises qp-escape at its first occurrence. White space at
// the end of a line is removed (§6.7 rule 3), but not what was encoded, and at most its last 1,000 octets: what is held
// back is bounded. Line ends stay as they came.
// Leaves out: octets that should have been encoded pass; so do lines longer than 76.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "decoding/search.h"
#include "decoding/transfer.h"

namespace sluice {

class QuotedPrintableDecoder final : public TransferDecoder {
 public:
  QuotedPrintableDecoder(Sink& sink, Faults& faults);
  void decode(std::string_view piece, std::uint64_t offset) override;
  void finish(std::uint64_t offset) override;

 private:
  /// What needs no thought: plain text, whole escapes, soft line breaks, line ends without white space before them. Gives how
  /// many octets it took.
  std::size_t take_clean(std::string_view piece);
  void take_plain(std::string_view plain);
  void take_line_end();
  /// One octet behind `=`; false when it is not part of the escape and has to be read again.
  bool take_escape(char octet);
  void refuse_escape();
  void trim();
  void flush(bool all);

  Sink& sink_;
  Faults& faults_;
  CopyUntil copy_;
  bool raised_ = false;
  bool in_escape_ = false;
  std::uint64_t escape_offset_ = 0;
  /// What followed the `=` so far.
  std::string held_;
  /// Decoded octets; those before `fixed_` are no white space that a line end could remove.
  std::size_t filled_ = 0;
  std::size_t fixed_ = 0;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace sluice
