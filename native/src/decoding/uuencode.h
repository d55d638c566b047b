// Finds uuencoded files inside a text (POSIX uuencode: `begin 644 name` … `end`) and takes them out of it.
//
// Promises: what is no complete `begin` line stays text; a file ends at `end`, or at a line that cannot be one of it, which
// raises uuencode-broken and is text again; linear; a line longer than 128 octets is never a `begin` line.
#pragma once
#include <memory>
#include <string_view>

#include "flag.h"
#include "sink.h"

namespace sluice {

/// Opens the sink for a file; `name` is as written, at most 255 octets.
class FileSinks {
 public:
  virtual ~FileSinks() = default;
  /// The caller of `open` writes to the sink and ends it before it opens another. May return nullptr: the file is skipped.
  virtual Sink* open(std::string_view name) = 0;
};

/// A sink that passes text on to `text` (and ends it) and files to `files`.
std::unique_ptr<Sink> make_uuencode_splitter(Sink& text, FileSinks& files, Faults& faults);

}  // namespace sluice
