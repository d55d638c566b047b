// The processor and the pattern library of this machine.
#pragma once
#include <cstdint>
#include <string>

namespace sluice {

/// Whether the library can run here at all (it needs SSSE3). Before anything else of it is called.
bool is_supported_platform();

struct Platform {
  std::string library;
  /// HS_CPU_FEATURES_… bits: what the compiler may use here.
  std::uint64_t features = 0;
  /// HS_TUNE_FAMILY_…
  std::uint32_t tune = 0;
};

/// What a compiled image depends on. All empty where the platform is not supported.
Platform this_platform();

}  // namespace sluice
