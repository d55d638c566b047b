// Where the octets of one stream go, piece by piece.
//
// Promises: pieces come in order; a piece is only valid during the call; results never depend on where pieces are cut.
#pragma once
#include <string_view>

namespace sluice {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view piece) = 0;
  /// The stream is complete. A sink that was never ended belongs to a message that was abandoned.
  virtual void end() = 0;
};

}  // namespace sluice
