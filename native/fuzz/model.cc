// Whatever stands in the tables of a scan, and whatever the file of a model holds: features stay within their
// groups, each once and no more than the limits; a score is a number.
//
// The first octet chooses: odd, the rest is the file of a model; even, it is cut in seven: the tables,
// then strings and text.
#include "model/model.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

namespace {

using namespace sluice;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// Small numbers mostly, for offsets that hit: an octet a number, and 255 stands for none.
template <typename Row>
std::vector<Row> rows_from(std::string_view octets) {
  constexpr std::size_t width = sizeof(Row) / sizeof(std::uint32_t);
  std::vector<Row> rows(octets.size() / width);
  std::vector<std::uint32_t> numbers;
  for (const char octet : octets.substr(0, rows.size() * width)) {
    const auto number = static_cast<unsigned char>(octet);
    numbers.push_back(number == 255 ? none : number);
  }
  if (!rows.empty()) std::memcpy(rows.data(), numbers.data(), rows.size() * sizeof(Row));
  return rows;
}

Output output_from(std::string_view octets) {
  const std::size_t piece = octets.size() / 7;
  const auto cut = [&](std::size_t index) { return octets.substr(index * piece, piece); };
  Output output;
  output.size = octets.size();
  output.parts = rows_from<PartRow>(cut(0));
  output.fields = rows_from<FieldRow>(cut(1));
  output.texts = rows_from<TextRow>(cut(2));
  output.links = rows_from<LinkRow>(cut(3));
  output.flags = rows_from<FlagRow>(cut(4));
  output.strings = std::string("fromsubjectdatemessage-idcontent-typetext/htmlmessage/rfc822").append(cut(5));
  output.text = octets.substr(6 * piece);
  return output;
}

void check_features(std::string_view octets) {
  const FeatureOptions options = {.bits = {12, 16, 10, 8},
                                  .window = 2U + static_cast<std::uint32_t>(octets.size() % 7),
                                  .carried = octets.size() % 2 == 1};
  static FeatureExtractor extractor({.bits = {20, 20, 20, 20}, .window = 2, .carried = false});
  FeatureExtractor other(options);
  const Output output = output_from(octets);
  static_cast<void>(extractor.extract(output));
  const FeatureVector vector = other.extract(output);
  for (std::size_t group = 0; group < feature_group_count; ++group) {
    const auto slots = vector.slots[group];
    demand(slots.size() <= feature_limits[group], "more features than the limit");
    demand(std::set(slots.begin(), slots.end()).size() == slots.size(), "a slot occurs twice");
    for (const std::uint32_t slot : slots)
      demand(slot < 1U << options.bits[group], "a slot outside its group");
  }
}

void check_model(std::string_view octets) {
  const std::string path = "/tmp/sluice-fuzz-model." + std::to_string(getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  demand(file != nullptr, "no file can be written");
  std::fwrite(octets.data(), 1, octets.size(), file);
  std::fclose(file);
  const ModelOpening opening = open_model(path);
  std::remove(path.c_str());
  demand((opening.model == nullptr) != opening.refusal.empty(), "neither a model nor a reason");
  if (!opening.model) return;
  Scorer scorer(opening.model);
  demand(std::isfinite(scorer.score(output_from(octets)).margin), "the score is no number");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1)
    check_model(rest);
  else
    check_features(rest);
  return 0;
}
