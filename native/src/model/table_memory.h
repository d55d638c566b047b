// Memory for a table of weights: anonymous, on huge pages where the machine gives them, read-only once it is
// filled.
//
// Promises: freed with its owner. A score touches some thousand places all over the table: with pages of 2 MB
// instead of 4 KB it does not wait for their addresses as well.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace sluice {

class TableMemory {
 public:
  TableMemory() = default;
  /// Empty when there is no memory.
  explicit TableMemory(std::size_t size);
  ~TableMemory();
  TableMemory(TableMemory&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        mapped_(std::exchange(other.mapped_, 0)) {}
  TableMemory& operator=(TableMemory&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    std::swap(mapped_, other.mapped_);
    return *this;
  }
  TableMemory(const TableMemory&) = delete;
  TableMemory& operator=(const TableMemory&) = delete;

  std::span<std::uint8_t> octets() const { return {start_, size_}; }
  /// From here on a write would end the process.
  void seal();

 private:
  std::uint8_t* start_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace sluice
