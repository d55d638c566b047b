// A pattern from JavaScript (src/scanner/pattern.ts) to the one of the core.
#pragma once
#include <napi.h>

#include <vector>

#include "matching/pattern.h"

namespace sluice {

/// Throws a TypeError that names the field when something is not as pattern.ts says.
Pattern pattern_argument(const Napi::Value& value);
std::vector<Pattern> patterns_argument(const Napi::Value& value);

/// { handling, reason }
Napi::Object verdict_object(Napi::Env env, const Verdict& verdict);

}  // namespace sluice
