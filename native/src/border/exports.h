// What each file of the border adds to the addon.
#pragma once
#include <napi.h>

namespace sluice {

/// Names of zones, flags and columns, for the comparison with src/scanner/layout.ts and flag.ts.
void export_layout(Napi::Env env, Napi::Object exports);

}  // namespace sluice
