// Scans files through the core without JavaScript: for runs under sanitizers and valgrind.
//
//   scan [--rounds N] FOLDER|FILE…
//
// Each file is scanned whole, octet by octet where it is small, in pieces of several lengths, and left in the middle once;
// all must give the same output. With patterns for every zone. Prints one line; exits 1 at the first difference.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matching/compile.h"
#include "matching/pattern_database.h"
#include "matching/scratch.h"
#include "matching/zone_streams.h"
#include "mime/mime_scanner.h"
#include "model/features.h"

namespace {

using sluice::Output;

constexpr sluice::ZoneSet every_zone = static_cast<sluice::ZoneSet>((1U << sluice::zone_count) - 1);

sluice::Pattern literal(const char* text, sluice::WordSides word) {
  sluice::Pattern pattern;
  pattern.text = text;
  pattern.caseless = true;
  pattern.word = word;
  pattern.zones = every_zone;
  return pattern;
}

sluice::Pattern expression(const char* source, bool every) {
  sluice::Pattern pattern;
  pattern.kind = sluice::PatternKind::Regex;
  pattern.text = source;
  pattern.unicode = true;
  pattern.every = every;
  pattern.zones = every_zone;
  return pattern;
}

std::vector<sluice::Pattern> patterns() {
  return {literal("invoice", sluice::WordSides::Whole), literal("e", sluice::WordSides::None),
          literal("the cheap", sluice::WordSides::Start), literal("Überweisung", sluice::WordSides::End),
          expression("h.{0,20}p", false), expression("[a-z]+://[^ ]+", true), expression("\\w+@\\w+", true)};
}

/// A copy of its own on the heap, so that a read past either end is seen.
class Piece {
 public:
  explicit Piece(std::string_view octets) : octets_(std::make_unique<char[]>(octets.size())), size_(octets.size()) {
    if (size_ > 0) std::memcpy(octets_.get(), octets.data(), size_);
  }
  std::string_view view() const { return {octets_.get(), size_}; }

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_;
};

Output scan(sluice::MimeScanner& scanner, std::string_view message, std::size_t step) {
  for (std::size_t at = 0; at < message.size(); at += step) scanner.write(Piece(message.substr(at, step)).view());
  Output output;
  scanner.end(output);
  return output;
}

template <typename Row>
bool equal(const std::vector<Row>& one, const std::vector<Row>& other) {
  return one.size() == other.size() &&
         (one.empty() || std::memcmp(one.data(), other.data(), one.size() * sizeof(Row)) == 0);
}

bool equal(const Output& one, const Output& other) {
  return one.size == other.size && equal(one.parts, other.parts) && equal(one.fields, other.fields) &&
         equal(one.texts, other.texts) && equal(one.links, other.links) && equal(one.flags, other.flags) &&
         equal(one.matches, other.matches) && one.strings == other.strings && one.zones == other.zones;
}

std::vector<std::filesystem::path> files_in(std::span<char*> arguments) {
  std::vector<std::filesystem::path> files;
  for (const char* argument : arguments) {
    if (!std::filesystem::is_directory(argument)) {
      files.emplace_back(argument);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argument))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** values) {
  std::span<char*> arguments(values + 1, static_cast<std::size_t>(count - 1));
  int rounds = 1;
  if (arguments.size() > 1 && std::string_view(arguments[0]) == "--rounds") {
    rounds = std::atoi(arguments[1]);
    arguments = arguments.subspan(2);
  }
  const sluice::Compilation compilation = sluice::compile_patterns(patterns());
  const sluice::LoadedPatterns loaded = sluice::load_patterns(compilation.image);
  sluice::ScratchSpace scratch;
  if (!loaded.database || !scratch.fit(loaded.database)) {
    std::fprintf(stderr, "scan: no patterns: %s%s\n", compilation.refusal.c_str(), loaded.refusal.c_str());
    return 2;
  }
  const sluice::Limits limits;
  const auto zones = sluice::make_zone_streams(loaded.database, limits, &scratch);
  const auto scanner = sluice::make_mime_scanner(*zones, limits);
  sluice::FeatureExtractor features{sluice::FeatureOptions{}};

  const std::vector<std::filesystem::path> files = files_in(arguments);
  std::uint64_t octets = 0;
  for (int round = 0; round < rounds; round++)
    for (const auto& path : files) {
      const std::string message = read(path);
      octets += message.size();
      const Output whole = scan(*scanner, message, message.size() + 1);
      features.extract(whole);
      for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{64}, std::size_t{1'000}}) {
        if (message.size() / step > 20'000) continue;
        scanner->write(Piece(std::string_view(message).substr(0, message.size() / 2)).view());
        scanner->abandon();
        if (!equal(whole, scan(*scanner, message, step))) {
          std::fprintf(stderr, "scan: %s in pieces of %zu differs from the whole\n", path.c_str(), step);
          return 1;
        }
      }
    }
  std::printf("%zu files, %llu octets: the same however they are cut\n", files.size(),
              static_cast<unsigned long long>(octets));
  return 0;
}
