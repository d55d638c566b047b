// One pass over a message in wire form: line discipline, header fields, parts, decoded texts.
//
// Promises: linear in the size, bounded memory, the same output however the message is cut.
// The pieces of the pass: header fields (RFC 5322 §2.2), media types and parameters (RFC 2045 §5.1, RFC 2231), encoded
// words (RFC 2047), boundaries (RFC 2046 §5.1.1), transfer decoders and charsets (decoding/), readable text (text/),
// zones and patterns (matching/).
#pragma once
#include <memory>
#include <string_view>

#include "matching/zone_streams.h"
#include "output.h"

namespace sluice {

class MimeScanner {
 public:
  virtual ~MimeScanner() = default;
  virtual void write(std::string_view piece) = 0;
  /// Completes the message and is ready for the next. What stood in `output` is replaced, and its memory used again.
  virtual void end(Output& output) = 0;
  virtual void abandon() = 0;
};

/// `zones` outlives the scanner.
std::unique_ptr<MimeScanner> make_mime_scanner(ZoneStreams& zones, const Limits& limits);

}  // namespace sluice
