#include "model/model_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "model/crc32.h"

namespace sluice {

namespace {

static_assert(std::endian::native == std::endian::little, "the tables are used as they stand in the file");

constexpr std::string_view magic = "SLUICEM\n";
constexpr std::size_t fixed_size = 152;
constexpr std::size_t smallest_header = 192;
constexpr std::size_t largest_header = 4'096;
constexpr std::uint32_t switch_carried = 1;
constexpr std::uint32_t switch_scales = 2;

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  /// Empty when it is no regular file.
  std::optional<std::uint64_t> size() const {
    struct stat status{};
    if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(status.st_size);
  }
  /// False when the file ends before, or cannot be read.
  bool read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
    while (!into.empty()) {
      const ssize_t got = pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      into = into.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
    return true;
  }

 private:
  int descriptor_;
};

template <typename Number>
Number number_at(std::span<const std::uint8_t> octets, std::size_t offset) {
  Number number;
  std::memcpy(&number, octets.data() + offset, sizeof number);
  return number;
}

constexpr std::size_t octets_of(NumberFormat format) {
  return format == NumberFormat::Float32 ? 4 : format == NumberFormat::Float16 ? 2 : 1;
}

/// What is wrong with the numbers of the header; empty when nothing is.
std::string find_flaw(std::span<const std::uint8_t> head) {
  const auto word = [&](std::size_t offset) { return number_at<std::uint32_t>(head, offset); };
  if (word(12) != feature_version)
    return "It was trained for features of version " + std::to_string(word(12)) +
           "; this program has version " + std::to_string(feature_version) + ".";
  if (word(20) > static_cast<std::uint32_t>(NumberFormat::Int8)) return "Its number format is not known.";
  for (std::size_t group = 0; group < feature_group_count; ++group)
    if (head[24 + group] < 8 || head[24 + group] > 24) return "Its groups have an impossible size.";
  if (word(28) < 2 || word(28) > 8) return "Its window is impossible.";
  if (word(32) > (switch_carried | switch_scales) || word(148) != 0)
    return "It asks for something that is not known.";
  if (word(36) > head.size() - fixed_size - 4) return "Its name is longer than its header.";
  for (const std::size_t offset : {40U, 48U, 56U})
    if (!std::isfinite(number_at<double>(head, offset))) return "Its bias or calibration is no number.";
  for (std::size_t offset = 104; offset < 136; offset += 4)
    if (!std::isfinite(number_at<float>(head, offset))) return "A step of its table is no number.";
  return {};
}

ModelHeader header_from(std::span<const std::uint8_t> head) {
  const auto word = [&](std::size_t offset) { return number_at<std::uint32_t>(head, offset); };
  ModelHeader header;
  ModelFacts& facts = header.facts;
  header.numbers = static_cast<NumberFormat>(word(20));
  header.scales = (word(32) & switch_scales) != 0;
  facts.options.window = word(28);
  facts.options.carried = (word(32) & switch_carried) != 0;
  facts.bias = number_at<double>(head, 40);
  facts.calibration_slope = number_at<double>(head, 48);
  facts.calibration_offset = number_at<double>(head, 56);
  std::memcpy(facts.training.data(), head.data() + 64, facts.training.size());
  facts.ham = word(96);
  facts.spam = word(100);
  facts.name.assign(reinterpret_cast<const char*>(head.data()) + fixed_size, word(36));
  const std::size_t slot = octets_of(header.numbers) * (header.scales ? 2 : 1);
  for (std::size_t group = 0; group < feature_group_count; ++group) {
    facts.options.bits[group] = head[24 + group];
    header.weight_step[group] = number_at<float>(head, 104 + 4 * group);
    header.scale_step[group] = number_at<float>(head, 120 + 4 * group);
    header.starts[group + 1] = header.starts[group] + (slot << head[24 + group]);
  }
  return header;
}

/// Infinities and what is no number would spread to every score.
bool all_finite(std::span<const std::uint8_t> table, NumberFormat format) {
  bool finite = true;
  if (format == NumberFormat::Float32)
    for (std::size_t at = 0; at + 4 <= table.size(); at += 4)
      finite &= (number_at<std::uint32_t>(table, at) & 0x7f80'0000U) != 0x7f80'0000U;
  if (format == NumberFormat::Float16)
    for (std::size_t at = 0; at + 2 <= table.size(); at += 2)
      finite &= (number_at<std::uint16_t>(table, at) & 0x7c00U) != 0x7c00U;
  return finite;
}

std::string cause(int error) { return std::string(std::strerror(error)); }

}  // namespace

std::variant<ModelContent, std::string> read_model_file(const std::string& path) {
  const File file(path);
  if (!file.is_open()) return "It cannot be opened: " + cause(errno) + ".";
  const auto size = file.size();
  if (!size) return "It is not a file.";
  std::vector<std::uint8_t> head(smallest_header);
  if (*size < head.size() || !file.read_at(0, head)) return "It is too short for a model.";
  if (std::memcmp(head.data(), magic.data(), magic.size()) != 0) return "It is not a model.";
  if (const auto format = number_at<std::uint32_t>(head, 8); format != model_format)
    return "Its format is version " + std::to_string(format) + "; this program reads version " +
           std::to_string(model_format) + ".";
  const auto header_size = number_at<std::uint32_t>(head, 16);
  if (header_size < smallest_header || header_size > largest_header || header_size % 64 != 0 ||
      header_size > *size)
    return "Its header is damaged.";
  head.resize(header_size);
  if (!file.read_at(0, head)) return "It cannot be read: " + cause(errno) + ".";
  if (crc32(std::span(head).first(header_size - 4)) != number_at<std::uint32_t>(head, header_size - 4))
    return "Its header is damaged.";
  if (std::string flaw = find_flaw(head); !flaw.empty()) return flaw;

  ModelHeader header = header_from(head);
  const std::size_t table_size = header.starts.back();
  if (number_at<std::uint64_t>(head, 136) != table_size)
    return "Its table has not the size that its groups need.";
  if (*size != header_size + table_size)
    return "It has " + std::to_string(*size) + " octets and should have " +
           std::to_string(header_size + table_size) + ".";
  TableMemory table(table_size);
  if (table.octets().empty()) return "There is not enough memory for it.";
  if (!file.read_at(header_size, table.octets())) return "It cannot be read: " + cause(errno) + ".";
  if (crc32(table.octets()) != number_at<std::uint32_t>(head, 144)) return "Its table is damaged.";
  if (!all_finite(table.octets(), header.numbers)) return "A weight in it is no number.";
  table.seal();
  return ModelContent{std::move(header), std::move(table)};
}

}  // namespace sluice
