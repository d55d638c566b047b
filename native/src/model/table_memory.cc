#include "model/table_memory.h"

#include <sys/mman.h>

namespace sluice {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

}  // namespace

TableMemory::TableMemory(std::size_t size) {
  const std::size_t wanted = (size + huge_page - 1) / huge_page * huge_page;
  // One page more, for a beginning on a border of such pages; what is left at either end is given back.
  const std::size_t asked = wanted + huge_page;
  void* address = mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return;
  auto* first = static_cast<std::uint8_t*>(address);
  const std::size_t before = (huge_page - reinterpret_cast<std::uintptr_t>(first) % huge_page) % huge_page;
  if (before > 0) munmap(first, before);
  if (before < huge_page) munmap(first + before + wanted, huge_page - before);
  start_ = first + before;
  size_ = size;
  mapped_ = wanted;
  // Where it is refused the pages are small.
  madvise(start_, mapped_, MADV_HUGEPAGE);
}

TableMemory::~TableMemory() {
  if (start_ != nullptr) munmap(start_, mapped_);
}

void TableMemory::seal() {
  if (start_ != nullptr) mprotect(start_, mapped_, PROT_READ);
}

}  // namespace sluice
