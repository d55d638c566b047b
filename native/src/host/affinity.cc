#include "host/affinity.h"

#include <sched.h>

#include <array>
#include <cerrno>
#include <climits>

#include "layout.h"

namespace sluice {

namespace {

// The kernel refuses a set smaller than its own (CONFIG_NR_CPUS is at most 8192), and takes a larger one.
constexpr std::uint32_t most_cpus = 8'192;
constexpr std::size_t word_bits = sizeof(unsigned long) * CHAR_BIT;

class CpuSet {
 public:
  bool has(std::uint32_t cpu) const { return (words_[cpu / word_bits] >> (cpu % word_bits) & 1) != 0; }
  void add(std::uint32_t cpu) { words_[cpu / word_bits] |= 1UL << (cpu % word_bits); }
  cpu_set_t* data() { return reinterpret_cast<cpu_set_t*>(words_.data()); }
  std::size_t size() const { return sizeof words_; }

 private:
  std::array<unsigned long, most_cpus / word_bits> words_{};
};

}  // namespace

std::vector<std::uint32_t> allowed_cpus() {
  CpuSet set;
  std::vector<std::uint32_t> cpus;
  if (sched_getaffinity(0, set.size(), set.data()) != 0) return cpus;
  for (std::uint32_t cpu = 0; cpu < most_cpus; ++cpu)
    if (set.has(cpu)) cpus.push_back(cpu);
  return cpus;
}

int pin_to(std::span<const std::uint32_t> cpus) {
  CpuSet set;
  for (const std::uint32_t cpu : cpus) {
    if (cpu >= most_cpus) return EINVAL;
    set.add(cpu);
  }
  // 0 is the calling thread, not the process.
  return sched_setaffinity(0, set.size(), set.data()) == 0 ? 0 : errno;
}

std::uint32_t current_cpu() {
  const int cpu = sched_getcpu();
  return cpu < 0 ? none : static_cast<std::uint32_t>(cpu);
}

}  // namespace sluice
