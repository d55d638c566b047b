// Charsets of one octet a character: ASCII below 128 and a table above.
#include "decoding/charset_decoder.h"
#include "decoding/charset_tables.h"
#include "decoding/search.h"

namespace sluice {

namespace {

class SingleByteDecoder final : public CharsetDecoder {
 public:
  explicit SingleByteDecoder(const UpperHalf& table) : table_(table) {}

  void decode(std::string_view piece, Utf8Writer& out) override {
    while (!piece.empty()) {
      const std::size_t ascii = ascii_prefix(piece.data(), piece.size());
      out.put_text(piece.substr(0, ascii));
      piece.remove_prefix(ascii);
      while (!piece.empty() && static_cast<unsigned char>(piece.front()) >= 0x80) {
        const char16_t character = table_[static_cast<unsigned char>(piece.front()) - 0x80U];
        if (character == 0xfffd) out.put_broken();
        else out.put(character);
        piece.remove_prefix(1);
      }
    }
  }

  void finish(Utf8Writer&) override {}

 private:
  const UpperHalf& table_;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_single_byte_decoder(const Charset& charset) {
  return std::make_unique<SingleByteDecoder>(single_byte_table(charset));
}

}  // namespace sluice
