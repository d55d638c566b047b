// What stands in a multipart outside its parts: the preamble before the first boundary, the epilogue behind the last.
// No program that knows MIME shows it (RFC 2046 §5.1.1), and every program that does not know it does.
//
// Promises: the preamble is zone `source` of the multipart, the epilogue its zone `hidden`; a preamble is suspicious that
// looks like the header or the encoded body of a part, an epilogue when it is more than white space.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "matching/zone_streams.h"
#include "mime/tables.h"
#include "sink.h"

namespace sluice {

class Between final : private Sink {
 public:
  Between(Tables& tables, ZoneStreams& zones) : zones_(zones), faults_(tables) {}
  void begin(std::uint32_t part, bool epilogue);
  void write(std::string_view piece, std::uint64_t offset);
  void finish();
  void abandon() { decoder_.reset(); }

 private:
  /// UTF-8 behind the charset decoder.
  void write(std::string_view piece) override { zones_.write(zone_, faults_.part(), piece); }
  void end() override {}
  void look(std::string_view piece, std::uint64_t offset);
  void judge_line();

  ZoneStreams& zones_;
  PartFaults faults_;
  Zone zone_ = Zone::Source;
  bool epilogue_ = false;
  std::unique_ptr<Sink> decoder_;
  std::string line_;  // the beginning of the line
  std::uint64_t line_at_ = 0;
};

}  // namespace sluice
