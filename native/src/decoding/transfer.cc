#include "decoding/transfer.h"

#include "decoding/base64.h"
#include "decoding/quoted_printable.h"

namespace sluice {

namespace {

class Identity final : public TransferDecoder {
 public:
  explicit Identity(Sink& sink) : sink_(sink) {}
  void decode(std::string_view piece, std::uint64_t) override { sink_.write(piece); }
  void finish(std::uint64_t) override {}

 private:
  Sink& sink_;
};

}  // namespace

std::unique_ptr<TransferDecoder> make_transfer_decoder(Encoding encoding, Sink& sink, Faults& faults) {
  switch (encoding) {
    case Encoding::Base64:
      return std::make_unique<Base64Decoder>(sink, faults);
    case Encoding::QuotedPrintable:
      return std::make_unique<QuotedPrintableDecoder>(sink, faults);
    case Encoding::Identity:
    case Encoding::Uuencode:
    case Encoding::Unknown:
      break;
  }
  return std::make_unique<Identity>(sink);
}

}  // namespace sluice
