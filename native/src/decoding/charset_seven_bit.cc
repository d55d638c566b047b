// Charsets that switch between ASCII and pairs of seven bits: HZ (RFC 1843), ISO-2022-KR (RFC 1557), ISO-2022-CN (RFC 1922).
//
// Promises: they are rewritten to the charset of eight bits that has the same characters, euc-kr or gb18030, and decoded as that;
// 0xFF stands for what is broken. ASCII is never hidden: a pair that is none gives its second octet back, and a line end switches
// back. Leaves out: of ISO-2022-CN all sets but GB 2312: their pairs become U+FFFD, one each.
#include <algorithm>
#include <array>
#include <string>

#include "decoding/charset_decoder.h"

namespace sluice {

namespace {

constexpr char broken = static_cast<char>(0xff);
constexpr char escape = 0x1b;
constexpr char shift_out = 0x0e;
constexpr char shift_in = 0x0f;

/// What may follow ESC, and what it does: the pairs to come are known, or of another set; or only the next one is.
enum class Designation { Known, Other, Single, Nothing };
struct Sequence {
  std::string_view text;
  Designation designation;
};
constexpr Sequence korean[] = {{"$)C", Designation::Known}};
constexpr Sequence chinese[] = {
    {"$)A", Designation::Known},   {"$)G", Designation::Other},   {"$)E", Designation::Other},
    {"$*H", Designation::Nothing}, {"$+I", Designation::Nothing}, {"$+J", Designation::Nothing},
    {"$+K", Designation::Nothing}, {"$+L", Designation::Nothing}, {"$+M", Designation::Nothing},
    {"N", Designation::Single},    {"O", Designation::Single},
};

constexpr bool within(char c, char least, char most) { return c >= least && c <= most; }
constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
constexpr char upper(char c) { return static_cast<char>(c | 0x80); }

/// What both have: pairs.
class Rewriter : public CharsetDecoder {
 public:
  explicit Rewriter(std::unique_ptr<CharsetDecoder> decoder) : decoder_(std::move(decoder)) {}

  void decode(std::string_view piece, Utf8Writer& out) final {
    for (const char c : piece) {
      take(c);
      if (octets_.size() >= 4'096) pass(out);
    }
    pass(out);
  }

  void finish(Utf8Writer& out) final {
    take_end();
    pass(out);
    decoder_->finish(out);
  }

 protected:
  virtual void take(char octet) = 0;
  virtual void take_end() = 0;
  virtual void put_pair(char lead, char trail) = 0;

  void put(char octet) { octets_.push_back(octet); }

  /// An octet behind the first of a pair.
  void take_trail(char octet) {
    const char lead = lead_;
    lead_ = 0;
    if (within(octet, 0x21, 0x7e)) return put_pair(lead, octet);
    put(broken);
    take(octet);
  }

  void take_plain(char octet, char last_lead) {
    if (octet == '\n') shifted_ = false;
    if (shifted_ && within(octet, 0x21, last_lead)) lead_ = octet;
    else put(is_ascii(octet) ? octet : broken);
  }

  bool shifted_ = false;
  char lead_ = 0;

 private:
  void pass(Utf8Writer& out) {
    decoder_->decode(octets_, out);
    octets_.clear();
  }

  std::unique_ptr<CharsetDecoder> decoder_;
  std::string octets_;
};

class Hz final : public Rewriter {
 public:
  using Rewriter::Rewriter;

 private:
  enum class Tilde { None, Seen, Cr };

  void take(char octet) override {
    if (tilde_ != Tilde::None) return take_behind_tilde(octet);
    if (lead_ != 0) return take_trail(octet);
    if (octet == '~') tilde_ = Tilde::Seen;
    else take_plain(octet, 0x7d);
  }

  void take_behind_tilde(char octet) {
    const bool after_cr = tilde_ == Tilde::Cr;
    tilde_ = Tilde::None;
    if (after_cr) {
      if (octet == '\n') return;
      put(broken);
      put('\r');
      return take(octet);
    }
    if (shifted_ && octet == '}') shifted_ = false;
    else if (!shifted_ && octet == '{') shifted_ = true;
    else if (!shifted_ && octet == '~') put('~');
    else if (!shifted_ && octet == '\r') tilde_ = Tilde::Cr;
    else if (shifted_ || octet != '\n') {
      put(broken);
      take(octet);
    }
  }

  void put_pair(char lead, char trail) override {
    put(upper(lead));
    put(upper(trail));
  }

  void take_end() override {
    if (tilde_ != Tilde::None || lead_ != 0) put(broken);
    if (tilde_ == Tilde::Cr) put('\r');
  }

  Tilde tilde_ = Tilde::None;
};

class Iso2022 final : public Rewriter {
 public:
  Iso2022(std::unique_ptr<CharsetDecoder> decoder, std::span<const Sequence> sequences)
      : Rewriter(std::move(decoder)), sequences_(sequences) {}

 private:
  void take(char octet) override {
    if (in_escape_) return take_escape(octet);
    if (lead_ != 0) return take_trail(octet);
    if (octet == escape) in_escape_ = true;
    else if (octet == shift_out || octet == shift_in) shifted_ = octet == shift_out;
    else if (single_ && within(octet, 0x21, 0x7e)) lead_ = octet;
    else take_plain(octet, 0x7e);
  }

  void take_escape(char octet) {
    behind_.push_back(octet);
    const auto found = std::ranges::find_if(sequences_, [&](const Sequence& s) { return s.text == behind_; });
    if (found != sequences_.end()) {
      apply(found->designation);
    } else if (std::ranges::none_of(sequences_, [&](const Sequence& s) { return s.text.starts_with(behind_); })) {
      refuse_escape();
    }
  }

  void apply(Designation designation) {
    in_escape_ = false;
    behind_.clear();
    if (designation == Designation::Single) single_ = true;
    else if (designation != Designation::Nothing) known_ = designation == Designation::Known;
  }

  /// What followed ESC is read as what it is without it: at most three octets.
  void refuse_escape() {
    const std::string behind = behind_;
    in_escape_ = false;
    behind_.clear();
    put(broken);
    for (const char c : behind) take(c);
  }

  void put_pair(char lead, char trail) override {
    if (known_ && !single_) {
      put(upper(lead));
      put(upper(trail));
    } else {
      put(broken);
    }
    single_ = false;
  }

  void take_end() override {
    if (in_escape_) refuse_escape();
    if (lead_ != 0) put(broken);
    lead_ = 0;
  }

  std::span<const Sequence> sequences_;
  bool in_escape_ = false;
  bool known_ = true;
  bool single_ = false;
  std::string behind_;
};

}  // namespace

std::unique_ptr<CharsetDecoder> make_seven_bit_decoder(const Charset& charset) {
  if (charset.family == Family::Hz) return std::make_unique<Hz>(make_gb18030_decoder(*find_charset("gb18030")));
  if (charset.family == Family::Iso2022Kr)
    return std::make_unique<Iso2022>(make_pair_decoder(*find_charset("euc-kr")), korean);
  return std::make_unique<Iso2022>(make_gb18030_decoder(*find_charset("gb18030")), chinese);
}

}  // namespace sluice
