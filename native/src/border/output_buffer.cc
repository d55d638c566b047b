#include "border/output_buffer.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

namespace sluice {
namespace {

template <typename Row>
std::span<const std::byte> octets_of(const std::vector<Row>& rows) {
  return std::as_bytes(std::span(rows));
}

std::uint32_t word(std::size_t count) {
  // The limits keep every table far below this.
  if (count > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a table of the scan is too large");
  return static_cast<std::uint32_t>(count);
}

std::size_t zones_size(const Output& output) {
  std::size_t size = 0;
  for (const std::string& zone : output.zones) size += zone.size();
  return size;
}

}  // namespace

Napi::ArrayBuffer output_buffer(Napi::Env env, const Output& output) {
  const std::span<const std::byte> tables[] = {octets_of(output.parts), octets_of(output.fields), octets_of(output.texts),
                                               octets_of(output.links), octets_of(output.flags),  octets_of(output.matches)};
  std::array<std::uint32_t, output_head> head{};
  std::size_t total = sizeof head;
  std::size_t at = 0;
  head[at++] = static_cast<std::uint32_t>(output.size & 0xffff'ffff);
  head[at++] = static_cast<std::uint32_t>(output.size >> 32);
  for (const auto& table : tables) {
    head[at++] = word(table.size() / sizeof(std::uint32_t));
    total += table.size();
  }
  for (const std::size_t size : {output.strings.size(), zones_size(output)}) {
    head[at++] = word(size);
    total += size;
  }

  // Node's buffers are not filled with zeros first, which V8's are: that cost a fifteenth of a typical scan.
  const auto buffer = Napi::Buffer<std::byte>::New(env, total);
  std::byte* place = buffer.Data();
  const auto append = [&place](std::span<const std::byte> run) {
    if (!run.empty()) std::memcpy(place, run.data(), run.size());
    place += run.size();
  };
  append(std::as_bytes(std::span(head)));
  for (const auto& table : tables) append(table);
  append(std::as_bytes(std::span(output.strings)));
  for (const std::string& zone : output.zones) append(std::as_bytes(std::span(zone)));
  return buffer.ArrayBuffer();
}

}  // namespace sluice
