// Base64 undone (RFC 2045 §6.8), in bulk where the text is clean and octet by octet where it is not.
//
// Promises: white space (SP, HT, CR, LF) is skipped silently, any other octet outside the alphabet is skipped and raises
// base64-character. A group of four that padding closes gives its octets; what follows padding is decoded as a new group, as
// most mail clients do, and raises base64-padding at its first character. A body that ends within a group gives the full
// octets of it and raises base64-length. A `=` where no padding may stand is an octet outside the alphabet; one more `=` than
// the group needs is too. Only the first flag of each kind is raised.
// Leaves out: the bits that padding leaves over are not looked at; the URL-safe alphabet is not base64 of mail.
#pragma once
#include <cstdint>
#include <memory>

#include "decoding/base64_bulk.h"
#include "decoding/transfer.h"

namespace sluice {

class Base64Decoder final : public TransferDecoder {
 public:
  Base64Decoder(Sink& sink, Faults& faults);
  void decode(std::string_view piece, std::uint64_t offset) override;
  void finish(std::uint64_t offset) override;

 private:
  void take(unsigned char octet, std::uint64_t offset);
  void take_padding(std::uint64_t offset);
  void raise(Flag flag, std::uint64_t offset);
  void flush();

  Sink& sink_;
  Faults& faults_;
  base64::Bulk bulk_;
  /// Sextets of the open group, and how many.
  std::uint32_t group_ = 0;
  int count_ = 0;
  /// How many `=` the closed group may still have; behind padding the next group is flagged.
  int owed_ = 0;
  bool padded_ = false;
  std::uint32_t raised_ = 0;
  std::size_t filled_ = 0;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace sluice
