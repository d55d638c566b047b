#include "decoding/charset_label.h"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

// What the Encoding Standard has otherwise than the converter of ICU. ICU has no ISO-8859-16: it is ISO-8859-15 with these.
constexpr CharsetException latin10[] = {
    {0xa1, 0x0104}, {0xa2, 0x0105}, {0xa3, 0x0141}, {0xa5, 0x201e}, {0xaa, 0x0218}, {0xac, 0x0179},
    {0xae, 0x017a}, {0xaf, 0x017b}, {0xb2, 0x010c}, {0xb3, 0x0142}, {0xb5, 0x201d}, {0xb9, 0x010d},
    {0xba, 0x0219}, {0xbf, 0x017c}, {0xc3, 0x0102}, {0xc5, 0x0106}, {0xd0, 0x0110}, {0xd1, 0x0143},
    {0xd5, 0x0150}, {0xd7, 0x015a}, {0xd8, 0x0170}, {0xdd, 0x0118}, {0xde, 0x021a}, {0xe3, 0x0103},
    {0xe5, 0x0107}, {0xf0, 0x0111}, {0xf1, 0x0144}, {0xf5, 0x0151}, {0xf7, 0x015b}, {0xf8, 0x0171},
    {0xfd, 0x0119}, {0xfe, 0x021b}};
constexpr CharsetException belarusian[] = {{0xae, 0x045e}, {0xbe, 0x040e}};
constexpr CharsetException greek[] = {{0xaa, 0xfffd}};
constexpr CharsetException hebrew[] = {{0xca, 0x05ba}};

// The labels of each, between spaces; those that mail uses most come first, because the search is in this order.
constexpr Charset charsets[] = {
    {"us-ascii", Family::Undeclared, nullptr, {},
     " us-ascii ascii ansi_x3.4-1968 "},
    {"utf-8", Family::Utf8, nullptr, {},
     " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 utf-8 x-unicode20utf8 "},
    {"windows-1252", Family::SingleByte, "ibm-5348_P100-1997", {},
     " cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
     "iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252 "},
    {"iso-8859-2", Family::SingleByte, "ibm-912_P100-1995", {},
     " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 "},
    {"iso-8859-15", Family::SingleByte, "ibm-923_P100-1998", {},
     " csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 "},
    {"windows-1250", Family::SingleByte, "ibm-5346_P100-1998", {},
     " cp1250 windows-1250 x-cp1250 "},
    {"windows-1251", Family::SingleByte, "ibm-5347_P100-1998", {},
     " cp1251 windows-1251 x-cp1251 "},
    {"koi8-r", Family::SingleByte, "ibm-878_P100-1996", {},
     " cskoi8r koi koi8 koi8-r koi8_r "},
    {"iso-2022-jp", Family::Iso2022Jp, "euc-jp-2007", {},
     " csiso2022jp iso-2022-jp "},
    {"shift_jis", Family::ShiftJis, "ibm-943_P15A-2003", {},
     " csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis "},
    {"euc-jp", Family::EucJp, "euc-jp-2007", {},
     " cseucpkdfmtjapanese euc-jp x-euc-jp "},
    {"gbk", Family::Gb18030, "gb18030", {},
     " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk "},
    {"gb18030", Family::Gb18030, "gb18030", {},
     " gb18030 "},
    {"big5", Family::Big5, "ibm-1375_P100-2008", {},
     " big5 big5-hkscs cn-big5 csbig5 x-x-big5 "},
    {"euc-kr", Family::EucKr, "windows-949-2000", {},
     " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
     "windows-949 "},
    {"ibm866", Family::SingleByte, "ibm-866_P100-1995", {},
     " 866 cp866 csibm866 ibm866 "},
    {"iso-8859-3", Family::SingleByte, "ibm-913_P100-2000", {},
     " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 "},
    {"iso-8859-4", Family::SingleByte, "ibm-914_P100-1995", {},
     " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 "},
    {"iso-8859-5", Family::SingleByte, "ibm-915_P100-1995", {},
     " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988 "},
    {"iso-8859-6", Family::SingleByte, "ibm-1089_P100-1995", {},
     " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 "},
    {"iso-8859-7", Family::SingleByte, "ibm-9005_X110-2007", {},
     " csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek "},
    {"iso-8859-8", Family::SingleByte, "ibm-5012_P100-1999", {},
     " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual "},
    {"iso-8859-8-i", Family::SingleByte, "ibm-5012_P100-1999", {},
     " csiso88598i iso-8859-8-i logical "},
    {"iso-8859-10", Family::SingleByte, "iso-8859_10-1998", {},
     " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6 "},
    {"iso-8859-13", Family::SingleByte, "ibm-921_P100-1995", {},
     " iso-8859-13 iso8859-13 iso885913 "},
    {"iso-8859-14", Family::SingleByte, "iso-8859_14-1998", {},
     " iso-8859-14 iso8859-14 iso885914 "},
    {"iso-8859-16", Family::SingleByte, "ibm-923_P100-1998", latin10,
     " iso-8859-16 "},
    {"koi8-u", Family::SingleByte, "ibm-1168_P100-2002", belarusian,
     " koi8-ru koi8-u "},
    {"macintosh", Family::SingleByte, "macos-0_2-10.2", {},
     " csmacintosh mac macintosh x-mac-roman "},
    {"windows-874", Family::SingleByte, "ibm-1162_P100-1999", {},
     " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 "},
    {"windows-1253", Family::SingleByte, "ibm-5349_P100-1998", greek,
     " cp1253 windows-1253 x-cp1253 "},
    {"windows-1254", Family::SingleByte, "ibm-5350_P100-1998", {},
     " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254 "},
    {"windows-1255", Family::SingleByte, "ibm-9447_P100-2002", hebrew,
     " cp1255 windows-1255 x-cp1255 "},
    {"windows-1256", Family::SingleByte, "ibm-9448_X100-2005", {},
     " cp1256 windows-1256 x-cp1256 "},
    {"windows-1257", Family::SingleByte, "ibm-9449_P100-2002", {},
     " cp1257 windows-1257 x-cp1257 "},
    {"windows-1258", Family::SingleByte, "ibm-5354_P100-1998", {},
     " cp1258 windows-1258 x-cp1258 "},
    {"x-mac-cyrillic", Family::SingleByte, "macos-7_3-10.2", {},
     " x-mac-cyrillic x-mac-ukrainian "},
    {"utf-16be", Family::Utf16Be, nullptr, {},
     " unicodefffe utf-16be "},
    {"utf-16le", Family::Utf16Le, nullptr, {},
     " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16le utf-16 "},
    {"x-user-defined", Family::UserDefined, nullptr, {},
     " x-user-defined "},
    {"utf-7", Family::Utf7, nullptr, {},
     " utf-7 csutf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7 "},
    {"hz-gb-2312", Family::Hz, "gb18030", {},
     " hz-gb-2312 "},
    {"iso-2022-kr", Family::Iso2022Kr, "windows-949-2000", {},
     " csiso2022kr iso-2022-kr "},
    {"iso-2022-cn", Family::Iso2022Cn, "gb18030", {},
     " iso-2022-cn iso-2022-cn-ext "},
};

constexpr const Charset& undeclared = charsets[0];

constexpr std::size_t longest_label = 32;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

std::string_view trimmed(std::string_view label) {
  while (!label.empty() && is_space(label.front())) label.remove_prefix(1);
  while (!label.empty() && is_space(label.back())) label.remove_suffix(1);
  return label;
}

}  // namespace

const Charset* find_charset(std::string_view label) {
  label = trimmed(label);
  if (label.empty()) return &undeclared;
  if (label.size() > longest_label || std::ranges::any_of(label, is_space)) return nullptr;
  std::array<char, longest_label + 2> text;
  text[0] = ' ';
  for (std::size_t i = 0; i < label.size(); ++i)
    text[i + 1] = label[i] >= 'A' && label[i] <= 'Z' ? static_cast<char>(label[i] + 0x20) : label[i];
  text[label.size() + 1] = ' ';
  const std::string_view wanted(text.data(), label.size() + 2);
  for (const Charset& charset : charsets)
    if (charset.labels.find(wanted) != std::string_view::npos) return &charset;
  return nullptr;
}

}  // namespace sluice
