// One charset being decoded. What make_charset_decoder puts around it: flags, and the end.
#pragma once
#include <memory>
#include <string_view>

#include "decoding/charset_label.h"
#include "decoding/utf8.h"
#include "flag.h"

namespace sluice {

/// Promises: what is written does not depend on where pieces are cut; what is held back between pieces is bounded.
class CharsetDecoder {
 public:
  virtual ~CharsetDecoder() = default;
  virtual void decode(std::string_view piece, Utf8Writer& out) = 0;
  virtual void finish(Utf8Writer& out) = 0;
};

std::unique_ptr<CharsetDecoder> make_utf8_decoder();
std::unique_ptr<CharsetDecoder> make_utf16_decoder(bool big_endian);
std::unique_ptr<CharsetDecoder> make_utf7_decoder();
std::unique_ptr<CharsetDecoder> make_single_byte_decoder(const Charset& charset);
/// Raises charset-missing when octets above 127 come.
std::unique_ptr<CharsetDecoder> make_undeclared_decoder(Faults& faults);
/// Big5, euc-kr, Shift_JIS, euc-jp.
std::unique_ptr<CharsetDecoder> make_pair_decoder(const Charset& charset);
std::unique_ptr<CharsetDecoder> make_gb18030_decoder(const Charset& charset);
std::unique_ptr<CharsetDecoder> make_iso2022jp_decoder(const Charset& charset);
/// HZ, ISO-2022-KR, ISO-2022-CN.
std::unique_ptr<CharsetDecoder> make_seven_bit_decoder(const Charset& charset);

}  // namespace sluice
