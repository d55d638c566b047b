// Transfer encodings undone (RFC 2045 §6): base64, quoted-printable, and nothing at all.
//
// Promises: linear, no allocation that grows with the input; what is broken is decoded as most mail clients do (characters
// outside the alphabet skipped, a bad escape kept as it stands) and raises its flag; results do not depend on the cuts.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "flag.h"
#include "layout.h"
#include "sink.h"

namespace sluice {

class TransferDecoder {
 public:
  virtual ~TransferDecoder() = default;
  /// `offset` is where the piece begins on the wire.
  virtual void decode(std::string_view piece, std::uint64_t offset) = 0;
  /// The body is complete; does not end the sink.
  virtual void finish(std::uint64_t offset) = 0;
};

/// `sink` and `faults` outlive the decoder. Identity and unknown pass everything through.
std::unique_ptr<TransferDecoder> make_transfer_decoder(Encoding encoding, Sink& sink, Faults& faults);

}  // namespace sluice
