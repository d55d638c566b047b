// How fast the decoders are, one by one: megabytes of input a second, best of several, in pieces of 64 KiB as they come from
// the network. Build with `make -C native runner`, run native/build/decoding.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include "decoding/base64_bulk.h"
#include "decoding/charset.h"
#include "decoding/transfer.h"

namespace {

using namespace sluice;

constexpr std::size_t body_size = 5'000'000;
constexpr std::size_t piece_size = 65'536;
constexpr int rounds = 12;

class Counted final : public Sink {
 public:
  void write(std::string_view piece) override { octets += piece.size(); }
  void end() override {}
  std::size_t octets = 0;
};

class Unheard final : public Faults {
 public:
  void raise(Flag, std::uint64_t) override {}
  void raise(Flag) override {}
};

template <typename Work>
double best_seconds(Work work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  return best;
}

void report(const char* name, std::size_t size, double seconds) {
  std::printf("%-44s %8.0f MB/s\n", name, static_cast<double>(size) / seconds / 1e6);
}

template <typename Take>
void each_piece(std::string_view body, Take take) {
  for (std::size_t at = 0; at < body.size(); at += piece_size) take(body.substr(at, piece_size), at);
}

void transfer(const char* name, Encoding encoding, const std::string& body) {
  Counted sink;
  Unheard faults;
  report(name, body.size(), best_seconds([&] {
           const auto decoder = make_transfer_decoder(encoding, sink, faults);
           each_piece(body, [&](std::string_view piece, std::size_t at) { decoder->decode(piece, at); });
           decoder->finish(body.size());
         }));
}

void charset(const char* name, std::string_view label, const std::string& body) {
  Counted sink;
  Unheard faults;
  report(name, body.size(), best_seconds([&] {
           const auto decoder = make_charset_decoder(label, sink, faults);
           each_piece(body, [&](std::string_view piece, std::size_t) { decoder->write(piece); });
           decoder->end();
         }));
}

std::string repeated(std::string_view text) {
  std::string body;
  while (body.size() < body_size) body += text;
  return body;
}

std::string base64_lines(std::size_t width, std::string_view line_end) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::mt19937 random(1);
  std::string body;
  while (body.size() < body_size) {
    for (std::size_t i = 0; i < width; ++i) body += alphabet[random() % alphabet.size()];
    body += line_end;
  }
  return body;
}

/// Words in lines of at most 76 with soft breaks between.
std::string printable(std::initializer_list<const char*> words) {
  std::mt19937 random(1);
  std::string body;
  std::size_t column = 0;
  while (body.size() < body_size) {
    const std::string word = words.begin()[random() % words.size()];
    if (column + word.size() > 75) {
      body += "=\r\n";
      column = 0;
    }
    body += word;
    column += word.size();
    if (random() % 40 != 0) continue;
    body += ".\r\n";
    column = 0;
  }
  return body;
}

void bulk(const char* name, base64::Bulk run, const std::string& body) {
  std::string out(body.size(), '\0');
  report(name, body.size(), best_seconds([&] { run(body.data(), body.size(), out.data(), out.size() - base64::slack); }));
}

}  // namespace

int main() {
  const std::string lines = base64_lines(76, "\r\n");
  transfer("base64, lines of 76", Encoding::Base64, lines);
  bulk("base64, lines of 76, without AVX2", base64::bulk_scalar, lines);
  transfer("base64, lines of 75", Encoding::Base64, base64_lines(75, "\r\n"));
  transfer("base64, a space behind every character", Encoding::Base64, base64_lines(1, " "));
  transfer("quoted-printable, English", Encoding::QuotedPrintable, printable({"the ", "invoice ", "is ", "attached "}));
  transfer("quoted-printable, HTML and German", Encoding::QuotedPrintable,
           printable({"the ", "gr=C3=BC=C3=9Fe ", "href=3D\"http://x.example/\" ", "invoice ", "=C3=A4nderung ", "<p>"}));
  transfer("quoted-printable, Russian", Encoding::QuotedPrintable, repeated("=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82=20=\r\n"));
  transfer("quoted-printable, escapes that are none", Encoding::QuotedPrintable, repeated("="));
  charset("utf-8, English", "utf-8", repeated("The quick brown fox jumps over the lazy dog.\r\n"));
  charset("utf-8, German", "utf-8", repeated("Schöne Grüße aus Köln, die Rechnung hängt an.\r\n"));
  charset("utf-8, Russian", "utf-8", repeated("Привет, как дела? Счёт во вложении.\r\n"));
  charset("utf-8, Chinese", "utf-8", repeated("你好世界，请付款。\r\n"));
  charset("utf-8, nothing valid", "utf-8", repeated("\xff"));
  charset("no charset, Russian in UTF-8", "", repeated("Привет, как дела? Счёт во вложении.\r\n"));
  charset("no charset, German in windows-1252", "", repeated("Sch\xf6ne Gr\xfc\xdf" "e, die Rechnung h\xe4ngt an.\r\n"));
  charset("iso-8859-1, German", "iso-8859-1", repeated("Sch\xf6ne Gr\xfc\xdf" "e, die Rechnung h\xe4ngt an.\r\n"));
  charset("koi8-r, Russian", "koi8-r", repeated("\xf0\xd2\xc9\xd7\xc5\xd4, \xcb\xc1\xcb \xc4\xc5\xcc\xc1?\r\n"));
  charset("gbk, Chinese", "gbk", repeated("\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7 \xc7\xeb\xb8\xb6\xbf\xee\r\n"));
  charset("euc-kr", "euc-kr", repeated("\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4 \xb0\xe1\xc1\xa6\r\n"));
  charset("iso-2022-jp", "iso-2022-jp", repeated("\x1b$B$3$s$K$A$O\x1b(B hello\r\n"));
  return 0;
}
