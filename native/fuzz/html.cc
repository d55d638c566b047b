// Whatever the text: it is read the same however it is cut, and what comes out is valid UTF-8.
//
// The first octet of the input chooses the reader and the limit of links, the second one the cuts; the rest is the text.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "text/readable.h"

namespace {

using sluice::Flag;
using sluice::LinkOrigin;
using sluice::Zone;

/// Everything that a reader says, links with lengths so that nothing can be taken for something else.
class Recorder final : public sluice::Readable, public sluice::Faults {
 public:
  void visible(std::string_view piece) override { seen.append(piece); }
  void hidden(std::string_view piece) override { unseen.append(piece); }
  void link(Zone zone, LinkOrigin origin, std::string_view text) override {
    links += std::to_string(static_cast<int>(zone)) + std::to_string(static_cast<int>(origin)) + ' ' +
             std::to_string(text.size()) + ' ';
    links.append(text);
    longest = std::max(longest, text.size());
  }
  void raise(Flag flag, std::uint64_t) override { raise(flag); }
  void raise(Flag flag) override { flags |= std::uint64_t{1} << static_cast<unsigned>(flag); }

  std::string seen;
  std::string unseen;
  std::string links;
  std::size_t longest = 0;
  std::uint64_t flags = 0;
};

/// Octets of the character that begins at `at`, or 0 when it is not valid (RFC 3629 §4).
std::size_t character(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (octet(i) & 0xc0) == 0x80; };
  const unsigned a = octet(0), b = octet(1);
  if (a < 0x80) return 1;
  if (a < 0xc2 || a > 0xf4 || !tail(1)) return 0;
  if (a < 0xe0) return 2;
  if (!tail(2) || (a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f)) return 0;
  if (a < 0xf0) return 3;
  return !tail(3) || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f) ? 0 : 4;
}

std::string made_valid(std::string_view text) {
  std::string valid;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character(text, at);
    valid.append(size == 0 ? std::string_view{"?"} : text.substr(at, size));
    at += size == 0 ? 1 : size;
  }
  return valid;
}

bool is_valid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

Recorder read(bool html, std::string_view text, std::uint32_t limit, std::size_t step) {
  Recorder recorder;
  const auto reader = html ? sluice::make_html_reader(recorder, recorder, limit)
                           : sluice::make_plain_reader(recorder, recorder, limit);
  for (std::size_t at = 0; at < text.size(); at += step) reader->write(text.substr(at, step));
  reader->end();
  return recorder;
}

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool html = (data[0] & 1) == 0;
  const std::uint32_t limit = (data[0] & 2) != 0 ? 16 : 4'096;
  const std::size_t step = std::size_t{1} + data[1] % 64;
  const std::string_view octets{reinterpret_cast<const char*>(data) + 2, size - 2};
  // Octets that no charset decoder would hand over do no harm either.
  read(html, octets, limit, step);
  const std::string text = made_valid(octets);
  const Recorder whole = read(html, text, limit, text.size() + 1);
  const Recorder pieces = read(html, text, limit, step);
  demand(whole.seen == pieces.seen, "what is visible depends on the cuts");
  demand(whole.unseen == pieces.unseen, "what is hidden depends on the cuts");
  demand(whole.links == pieces.links, "links depend on the cuts");
  demand(whole.flags == pieces.flags, "flags depend on the cuts");
  demand(whole.longest <= limit, "a link is longer than the limit");
  demand(is_valid(whole.seen) && is_valid(whole.unseen), "text is not valid UTF-8");
  return 0;
}
