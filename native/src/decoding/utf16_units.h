// The units of UTF-16 on their way to characters: pairs of surrogates become one, lonely ones U+FFFD.
//
// Promises: a byte order mark at the very beginning is no text.
#pragma once
#include "decoding/utf8.h"

namespace sluice {

class Utf16Units {
 public:
  /// False: the next unit may be a byte order mark.
  bool begun() const { return begun_; }

  void take(char32_t unit, Utf8Writer& out) {
    const bool first = !begun_;
    begun_ = true;
    if (first && unit == 0xfeff) return;
    const bool low = unit >= 0xdc00 && unit <= 0xdfff;
    if (high_ != 0) {
      const char32_t high = high_;
      high_ = 0;
      if (low) return out.put(0x1'0000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      out.put_broken();
    }
    if (low) out.put_broken();
    else if (unit >= 0xd800 && unit <= 0xdbff) high_ = unit;
    else out.put(unit);
  }

  /// No unit follows for now: a high surrogate stays alone.
  void end(Utf8Writer& out) {
    begun_ = true;
    if (high_ != 0) out.put_broken();
    high_ = 0;
  }

 private:
  bool begun_ = false;
  char32_t high_ = 0;
};

}  // namespace sluice
