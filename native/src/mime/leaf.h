// The body of a part that has no parts: undone, decoded, read, and handed to the zones.
//
// Promises: memory does not grow with the body; what a text carries as a uuencoded file becomes a part of its own.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "decoding/charset.h"
#include "decoding/transfer.h"
#include "decoding/uuencode.h"
#include "matching/zone_streams.h"
#include "mime/part_header.h"
#include "mime/tables.h"
#include "text/readable.h"

namespace sluice {

/// Decoded octets of a part: counted, their beginning kept, handed on.
class Content final : public Sink {
 public:
  Content(Tables& tables, ZoneStreams& zones) : tables_(tables), zones_(zones) {}
  /// Without a sink behind it the octets are those of an attachment.
  void begin(std::uint32_t part, Sink* next);
  void write(std::string_view piece) override;
  void end() override;

 private:
  Tables& tables_;
  ZoneStreams& zones_;
  Sink* next_ = nullptr;
  std::uint32_t part_ = 0;
  bool attachment_ = false;
  std::uint64_t size_ = 0;
  std::array<char, 64> head_{};
};

class Leaf final : private FileSinks, private Readable {
 public:
  Leaf(Tables& tables, ZoneStreams& zones);
  void begin(std::uint32_t part, const PartHeader& header);
  /// `offset` is where the piece stands on the wire.
  void write(std::string_view piece, std::uint64_t offset) { decoder_->decode(piece, offset); }
  void finish(std::uint64_t offset);
  /// Lets go of a body that was not finished.
  void abandon();

 private:
  /// The text of a part in UTF-8.
  class Source final : public Sink {
   public:
    explicit Source(Leaf& leaf) : leaf_(leaf) {}
    void write(std::string_view piece) override;
    void end() override { leaf_.reader_->end(); }

   private:
    Leaf& leaf_;
  };
  /// What stands around a uuencoded body belongs to it.
  class Beside final : public Sink {
   public:
    explicit Beside(Content& content) : content_(content) {}
    void write(std::string_view piece) override { content_.write(piece); }
    void end() override {}

   private:
    Content& content_;
  };
  class Whole final : public FileSinks {
   public:
    explicit Whole(Sink& sink) : sink_(sink) {}
    Sink* open(std::string_view) override { return &sink_; }

   private:
    Sink& sink_;
  };

  Sink* open(std::string_view name) override;
  void visible(std::string_view piece) override;
  void hidden(std::string_view piece) override;
  void link(Zone zone, LinkOrigin origin, std::string_view text) override;
  void name_file(std::uint32_t row, std::string_view name);
  Sink* text_chain(const PartHeader& header);

  Tables& tables_;
  ZoneStreams& zones_;
  PartFaults faults_;
  Content content_;
  Content file_;
  Source source_;
  Beside beside_;
  Whole whole_;
  std::unique_ptr<Sink> reader_;
  std::unique_ptr<Sink> charset_;
  std::unique_ptr<Sink> splitter_;
  std::unique_ptr<Sink> unwrapper_;
  std::unique_ptr<TransferDecoder> decoder_;
};

}  // namespace sluice
