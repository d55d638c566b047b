// What style attributes said lately: a newsletter repeats a few of them in each of its cells.
//
// Promises: the same as reading them; a few short texts are remembered, for one HTML text.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "text/style.h"

namespace sluice::text {

class StyleMemory {
 public:
  /// Valid until the next call.
  const Declarations& read(std::string_view text) {
    Entry& entry = entries_[text.size() % entries_.size()];
    if (entry.known && entry.text == text) return entry.declarations;
    entry.declarations = parse_declarations(text);
    entry.known = text.size() <= longest;
    if (entry.known) entry.text.assign(text);
    return entry.declarations;
  }

 private:
  static constexpr std::size_t longest = 256;
  struct Entry {
    bool known = false;
    std::string text;
    Declarations declarations;
  };

  std::array<Entry, 8> entries_;
};

}  // namespace sluice::text
