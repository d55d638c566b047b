// The tables of the message that is being scanned: parts, fields, links, flags and the strings they point into.
//
// Promises: rows stay within the limits; of each flag in each part only the first occurrence is kept; flags come out in the
// order of part and flag, so that it does not matter which component saw its fault first.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flag.h"
#include "layout.h"
#include "output.h"

namespace sluice {

/// A range in `strings`.
struct StringRange {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

class Tables {
 public:
  explicit Tables(const Limits& limits) : limits_(limits) {
    if (limits_.parts == 0) limits_.parts = 1;  // the message itself
  }

  const Limits& limits() const { return limits_; }
  bool parts_full() const { return parts_.size() >= limits_.parts; }
  bool fields_full() const { return fields_.size() >= limits_.fields; }
  bool links_full() const { return links_.size() >= limits_.links; }

  /// A row with nothing in it yet but its place.
  std::uint32_t add_part(std::uint32_t parent, std::uint32_t depth, std::uint64_t header_start);
  PartRow& part(std::uint32_t index) { return parts_[index]; }
  void add_field(const FieldRow& row) { fields_.push_back(row); }
  void add_link(const LinkRow& row) { links_.push_back(row); }
  void raise(std::uint32_t part, Flag flag, std::uint64_t offset);
  StringRange keep(std::string_view text);
  /// The same in lower case (ASCII).
  StringRange keep_lower(std::string_view text);

  /// Hands the rows over and is empty again, with the memory that the output had.
  void finish(Output& output);
  void reset();

 private:
  Limits limits_;
  std::vector<PartRow> parts_;
  std::vector<std::uint64_t> raised_;  // a bit a flag, for each part
  std::vector<FieldRow> fields_;
  std::vector<LinkRow> links_;
  std::vector<FlagRow> flags_;
  std::string strings_;
};

/// The flags of one part.
class PartFaults final : public Faults {
 public:
  explicit PartFaults(Tables& tables) : tables_(tables) {}
  void of(std::uint32_t part) { part_ = part; }
  std::uint32_t part() const { return part_; }
  void raise(Flag flag, std::uint64_t offset) override { tables_.raise(part_, flag, offset); }
  void raise(Flag flag) override { tables_.raise(part_, flag, tables_.part(part_).body_start); }

 private:
  Tables& tables_;
  std::uint32_t part_ = 0;
};

/// The flags that one header field earns: they stand where the field begins.
struct FieldFaults {
  Tables& tables;
  std::uint32_t part;
  std::uint64_t offset;
  void raise(Flag flag) const { tables.raise(part, flag, offset); }
};

}  // namespace sluice
