#include "matching/image.h"

#include <hs.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace sluice {
namespace {

constexpr std::string_view kind = "SLUICEPD";
constexpr std::uint32_t format = 2;

/// As it stands in the image, which only machines of this byte order read.
struct Header {
  char kind[8];
  std::uint32_t format;
  std::uint32_t parts;
  std::uint32_t patterns;
  std::uint32_t reserved;
  std::uint64_t size;
  /// HS_CPU_FEATURES_… that the databases use.
  std::uint64_t features;
  char library[64];
  Digest digest;
};
static_assert(std::is_trivially_copyable_v<Header> && sizeof(Header) == 120);

/// The digest is over everything but itself.
Digest digest_without_itself(std::string_view image) {
  std::string head(image.substr(0, offsetof(Header, digest)));
  const Digest body = digest_of(image.substr(sizeof(Header)));
  head.append(reinterpret_cast<const char*>(&body), sizeof body);
  return digest_of(head);
}

class Writer {
 public:
  template <typename Value>
  void put(const Value& value) {
    static_assert(std::has_unique_object_representations_v<Value>);
    octets.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint64_t>(text.size()));
    octets.append(text);
  }
  std::string octets;
};

/// Reading past the end gives zeros and makes `failed` true for good.
class Reader {
 public:
  explicit Reader(std::string_view octets) : rest_(octets) {}
  template <typename Value>
  Value get() {
    Value value{};
    const std::string_view octets = take(sizeof value);
    if (!failed_) std::memcpy(&value, octets.data(), sizeof value);
    return value;
  }
  std::string_view get_text() { return take(get<std::uint64_t>()); }
  bool failed() const { return failed_; }
  bool is_at_end() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    failed_ = failed_ || size > rest_.size();
    if (failed_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::string refusal_for(const Header& header, std::string_view image) {
  if (std::string_view(header.kind, sizeof header.kind) != kind) return "this is no compiled set of patterns";
  if (header.format != format) return "the format is that of another version of Sluice";
  if (header.size != image.size()) return "the file is not as long as it says: it is torn";
  if (header.digest != digest_without_itself(image)) return "the digest is wrong: the file is torn or was changed";
  const Platform here = this_platform();
  const std::string_view library(header.library, strnlen(header.library, sizeof header.library));
  if (here.library.empty()) return "the processor lacks what Hyperscan needs (SSSE3)";
  if (library != here.library) {
    return "it was compiled by Hyperscan " + std::string(library) + ", and this is " + here.library;
  }
  if ((header.features & ~here.features) != 0) return "it was compiled for a processor that can do more than this one";
  return {};
}

std::string text_of(hs_error_t error) {
  switch (error) {
    case HS_NOMEM: return "there is not enough memory";
    case HS_DB_VERSION_ERROR: return "a database is of another version of Hyperscan";
    case HS_DB_PLATFORM_ERROR: return "a database is for another processor";
    default: return "Hyperscan refuses a database (error " + std::to_string(error) + ")";
  }
}

std::string info_of(const hs_database_t* database) {
  char* text = nullptr;
  if (hs_database_info(database, &text) != HS_SUCCESS) return {};
  const std::unique_ptr<char, decltype(&std::free)> owner(text, &std::free);
  return text;
}

/// The refusal is empty when all went well.
std::string read_part(Reader& reader, PatternDatabase::Part& part) {
  part.zones = reader.get<ZoneSet>();
  part.patterns = reader.get<std::uint32_t>();
  const std::string_view octets = reader.get_text();
  if (reader.failed()) return {};
  hs_database_t* database = nullptr;
  const hs_error_t error = hs_deserialize_database(octets.data(), octets.size(), &database);
  if (error != HS_SUCCESS) return text_of(error);
  part.handle.reset(database);
  part.info = info_of(database);
  if (hs_database_size(database, &part.size) != HS_SUCCESS || hs_stream_size(database, &part.stream_size) != HS_SUCCESS) {
    return "a database is not made for streams";
  }
  return {};
}

}  // namespace

std::string write_image(const Platform& made_for, const std::vector<ImagePart>& parts,
                        const std::vector<PatternFacts>& facts, const std::vector<Verdict>& verdicts,
                        const std::vector<std::uint32_t>& heads) {
  Writer writer;
  for (std::size_t at = 0; at < facts.size(); ++at) {
    writer.put(facts[at]);
    writer.put(verdicts[at].handling);
    writer.put_text(verdicts[at].reason);
  }
  writer.put_text({reinterpret_cast<const char*>(heads.data()), heads.size() * sizeof heads[0]});
  for (const ImagePart& part : parts) {
    writer.put(part.zones);
    writer.put(part.patterns);
    writer.put_text(part.database);
  }
  Header header{};
  std::memcpy(header.kind, kind.data(), sizeof header.kind);
  header.format = format;
  header.parts = static_cast<std::uint32_t>(parts.size());
  header.patterns = static_cast<std::uint32_t>(facts.size());
  header.size = sizeof header + writer.octets.size();
  header.features = made_for.features;
  std::memcpy(header.library, made_for.library.data(), std::min(made_for.library.size(), sizeof header.library));
  std::string image(reinterpret_cast<const char*>(&header), sizeof header);
  image.append(writer.octets);
  header.digest = digest_without_itself(image);
  std::memcpy(image.data(), &header, sizeof header);
  return image;
}

CheckedImage check_image(std::string_view image) {
  Header header;
  if (image.size() < sizeof header) return {.digest = {}, .refusal = "this is no compiled set of patterns: it is too short"};
  std::memcpy(&header, image.data(), sizeof header);
  return {.digest = header.digest, .refusal = refusal_for(header, image)};
}

std::optional<Digest> claimed_digest(std::string_view image) {
  Header header;
  if (image.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, image.data(), sizeof header);
  if (std::string_view(header.kind, sizeof header.kind) != kind || header.format != format) return std::nullopt;
  return header.digest;
}

LoadedPatterns read_image(std::string_view image) {
  Header header;
  std::memcpy(&header, image.data(), sizeof header);
  Reader reader(image.substr(sizeof header));
  std::vector<PatternFacts> facts;
  std::vector<Verdict> verdicts;
  for (std::uint32_t at = 0; at < header.patterns && !reader.failed(); ++at) {
    facts.push_back(reader.get<PatternFacts>());
    const auto handling = reader.get<Handling>();
    verdicts.push_back({.handling = handling, .reason = std::string(reader.get_text())});
  }
  const std::string_view octets = reader.get_text();
  std::vector<std::uint32_t> heads(octets.size() / sizeof(std::uint32_t));
  if (!heads.empty()) std::memcpy(heads.data(), octets.data(), heads.size() * sizeof heads[0]);
  std::vector<PatternDatabase::Part> parts;
  for (std::uint32_t at = 0; at < header.parts && !reader.failed(); ++at) {
    const std::string refusal = read_part(reader, parts.emplace_back());
    if (!refusal.empty()) return {.database = nullptr, .refusal = refusal};
  }
  const auto is_known = [](const Verdict& verdict) { return verdict.handling <= Handling::Refused; };
  const auto has_head = [&](const PatternFacts& pattern) {
    return pattern.head_points == 0 || (pattern.head <= heads.size() && pattern.head_points <= heads.size() - pattern.head);
  };
  if (!reader.is_at_end() || !std::ranges::all_of(verdicts, is_known) || !std::ranges::all_of(facts, has_head)) {
    return {.database = nullptr, .refusal = "the tables of the file contradict each other"};
  }
  return {.database = std::make_shared<const PatternDatabase>(std::move(parts), std::move(facts), std::move(verdicts),
                                                           std::move(heads)),
          .refusal = {}};
}

}  // namespace sluice
