// Which characters a charset has: tables made from the converters of ICU, once per thread and charset, at first use.
//
// Promises: ICU says which characters there are; which octets belong together is said by the Encoding Standard and done by the
// decoders, so that a broken lead octet never takes the ASCII behind it along. The thread owns its tables and frees them when it
// ends. A table is some ten to hundred kilobytes and takes milliseconds to make.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "decoding/charset_label.h"

namespace sluice {

/// Characters of the octets 128 to 255; U+FFFD for those that have none.
using UpperHalf = std::array<char16_t, 128>;
const UpperHalf& single_byte_table(const Charset& charset);

}  // namespace sluice
