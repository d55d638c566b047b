// The walk through a message: whose header or body the next octets are.
//
// Promises: those of mime_scanner.h. How everything is read: src/scanner/typescript/mime/README.md.
// The lines of headers and bodies are in mime_scanner.cc, the beginning and end of parts in walk_parts.cc.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mime/between.h"
#include "mime/containers.h"
#include "mime/header_reader.h"
#include "mime/leaf.h"
#include "mime/lines.h"
#include "mime/mime_scanner.h"
#include "mime/tables.h"

namespace sluice {

class Walk final : public MimeScanner {
 public:
  Walk(ZoneStreams& zones, const Limits& limits)
      : zones_(zones), tables_(limits), lines_(tables_), headers_(tables_, zones), leaf_(tables_, zones),
        between_(tables_, zones) {
    start();
  }

  void write(std::string_view piece) override;
  void end(Output& output) override;
  void abandon() override;

 private:
  enum class State : std::uint8_t { Header, Body };
  enum class Reader : std::uint8_t { Leaf, Between, Nobody };

  void start();
  std::size_t take_header(std::string_view piece, std::uint64_t offset);
  void header_line(std::string_view line, std::uint64_t offset);
  void end_header_early(std::uint64_t offset);

  std::size_t take_body(std::string_view piece, std::uint64_t offset);
  std::size_t take_line_start(std::string_view piece, std::uint64_t offset);
  void judge_line(std::string_view line, std::uint64_t offset);
  void release_break();
  void deliver(std::string_view piece, std::uint64_t offset);
  void feed(std::string_view piece, std::uint64_t offset);
  void finish_line();

  void begin_part(std::uint32_t parent, bool message, bool digest, std::uint64_t offset);
  void begin_body(std::uint64_t offset);
  bool begin_parts(std::uint64_t offset);
  void read_with(Reader reader, std::uint32_t part);
  void end_body(std::uint64_t end);
  void delimiter(Judgement judgement, std::uint64_t offset, std::string_view line);
  void close_container(std::uint64_t end);

  ZoneStreams& zones_;
  Tables tables_;
  Lines lines_;
  HeaderReader headers_;
  Containers containers_;
  Leaf leaf_;
  Between between_;

  std::uint64_t size_ = 0;
  State state_ = State::Header;
  Reader reader_ = Reader::Nobody;
  std::uint32_t part_ = 0;     // whose header or body is read
  bool eight_bit_ = false;     // octets above 127 are a fault here
  bool line_start_ = false;    // in a body: the next octet begins a line, or continues `line_`
  std::string line_;           // the beginning of a line that is not complete
  std::uint64_t line_offset_ = 0;
  std::string_view break_;     // a line break that belongs to the boundary if one follows, else to the body
  std::size_t before_line_ = 0;  // octets of the line break before this line, which a boundary takes with it
};

}  // namespace sluice
