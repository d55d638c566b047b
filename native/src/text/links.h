// Hands links over: cut at the limit, never within a character.
#pragma once
#include <cstdint>
#include <string_view>

#include "flag.h"
#include "text/readable.h"

namespace sluice::text {

class Links {
 public:
  Links(Readable& readable, Faults& faults, std::uint32_t limit)
      : readable_(readable), faults_(faults), limit_(limit) {}

  std::uint32_t limit() const { return limit_; }

  void report(Zone zone, LinkOrigin origin, std::string_view text) {
    if (text.size() > limit_) {
      faults_.raise(Flag::LinkLong);
      std::size_t end = limit_;
      while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;
      text = text.substr(0, end);
    }
    if (!text.empty()) readable_.link(zone, origin, text);
  }

 private:
  Readable& readable_;
  Faults& faults_;
  const std::uint32_t limit_;
};

}  // namespace sluice::text
