// The tables of a scan as the features read them: texts by part and zone, and what the message says itself.
//
// Promises: whatever stands in the tables, a text lies within the texts; linear.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "output.h"

namespace sluice {

class MessageView {
 public:
  /// `output` outlives what is asked; `carried`: parts that the message only carries count as its own.
  void look_at(const Output& output, bool carried);

  const Output& output() const { return *output_; }
  /// The fields and the form of the part count.
  bool own(std::uint32_t part) const { return part < own_.size() && own_[part] != 0; }
  /// Its text counts, too.
  bool says(std::uint32_t part) const { return part < says_.size() && says_[part] != 0; }
  /// Parts are carried, and the message says nothing itself: they count then.
  bool says_nothing() const { return says_nothing_; }
  bool carries() const { return carries_; }

  /// The kept beginning of a zone; empty when there is none.
  std::string_view text(std::uint32_t part, Zone zone) const;
  /// A record of a zone, as far as it was kept.
  std::string_view record(std::uint32_t part, Zone zone, std::uint32_t start, std::uint32_t end) const;
  std::string_view string(std::uint32_t start, std::uint32_t end) const {
    return slice(output_->strings, start, end);
  }
  std::string_view type(std::uint32_t part) const;

 private:
  struct Span {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
  };
  static std::string_view slice(std::string_view whole, std::uint32_t start, std::uint32_t end);
  bool own_words() const;

  const Output* output_ = nullptr;
  std::vector<std::uint8_t> own_;
  std::vector<std::uint8_t> says_;
  std::vector<std::array<Span, zone_count>> texts_;
  bool says_nothing_ = false;
  bool carries_ = false;
};

}  // namespace sluice
