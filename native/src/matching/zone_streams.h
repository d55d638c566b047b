// The zones of the message that is being scanned: each keeps its beginning, counts its words and is searched for patterns
// as it grows.
//
// Promises: one zone has one open stream at a time; records end where the caller says; small pieces are gathered before they
// are searched; memory is bounded by the limits.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "layout.h"
#include "output.h"

namespace sluice {

class PatternDatabase;
class ScratchSpace;

class ZoneStreams {
 public:
  virtual ~ZoneStreams() = default;
  /// Whether anybody wants this zone: a pattern, or the reader of the output. Who gets no may leave it out; `attachment`
  /// and `wire` are wanted by patterns only, the others always.
  virtual bool wants(Zone zone) const = 0;
  /// Octets of the zone `zone` of part `part`. Opens the stream of that part when it is not open, and ends the one of another
  /// part. What nobody wants is dropped.
  virtual void write(Zone zone, std::uint32_t part, std::string_view piece) = 0;
  /// Ends the record, if one is open: no match crosses this point.
  virtual void end_record(Zone zone, std::uint32_t part) = 0;
  /// Octets written to that zone of that part so far: offsets of records. 0 when it is not open.
  virtual std::uint32_t position(Zone zone, std::uint32_t part) const = 0;
  /// Ends the zone of that part: its row is written.
  virtual void end(Zone zone, std::uint32_t part) = 0;
  /// The message is complete: writes texts, text and matches into the output, in the order of part, zone, end, pattern. A flag
  /// for what was cut is raised by the caller. Before the limits are known to have been kept, `finish` must have run.
  virtual bool text_was_cut() const = 0;
  virtual bool matches_were_cut() const = 0;
  virtual void finish(Output& output) = 0;
  /// Ready for the next message.
  virtual void reset() = 0;
};

/// Without patterns the texts are kept and counted only. `scratch` is the thread's and outlives the streams; it may be null
/// without patterns. Null when there is no memory for the scratch space of the patterns.
std::unique_ptr<ZoneStreams> make_zone_streams(std::shared_ptr<const PatternDatabase> patterns, const Limits& limits,
                                               ScratchSpace* scratch);

}  // namespace sluice
