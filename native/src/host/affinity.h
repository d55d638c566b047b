// On which CPUs a thread may run (sched_setaffinity(2)).
//
// Promises: concerns the calling thread alone; what the kernel refuses comes back as its error number; CPUs
// up to 8191.
// Leaves out: which CPUs would be good ones (src/engine/placement/).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace sluice {

/// CPUs that the calling thread may use, ascending: what its mask and the cpuset of its cgroup leave. Empty
/// when the kernel does not tell.
std::vector<std::uint32_t> allowed_cpus();

/// Returns 0, or an errno value: EINVAL when none of them is allowed or one is out of range, EPERM.
int pin_to(std::span<const std::uint32_t> cpus);

/// The CPU that the calling thread runs on now; none when the kernel does not tell.
std::uint32_t current_cpu();

}  // namespace sluice
