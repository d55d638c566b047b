#include "matching/platform.h"

#include <hs.h>

namespace sluice {

bool is_supported_platform() { return hs_valid_platform() == HS_SUCCESS; }

Platform this_platform() {
  hs_platform_info_t info{};
  if (!is_supported_platform() || hs_populate_platform(&info) != HS_SUCCESS) return {};
  return {.library = hs_version(), .features = info.cpu_features, .tune = info.tune};
}

}  // namespace sluice
