// What each file of the border adds to the addon.
#pragma once
#include <napi.h>

namespace sluice {

/// Names of zones, flags and columns, for the comparison with src/scanner/layout.ts and flag.ts.
void export_layout(Napi::Env env, Napi::Object exports);
/// The library and the processor: isSupportedPlatform, platform.
void export_platform(Napi::Env env, Napi::Object exports);
/// compilePatterns, inspectPattern: for the process that compiles.
void export_compiler(Napi::Env env, Napi::Object exports);
/// loadPatterns.
void export_databases(Napi::Env env, Napi::Object exports);
/// The class Scanner.
void export_scanner(Napi::Env env, Napi::Object exports);
/// openModel, the class FeatureExtractor, features.
void export_model(Napi::Env env, Napi::Object exports);
/// allowedCpus, pinTo, currentCpu.
void export_affinity(Napi::Env env, Napi::Object exports);

}  // namespace sluice
