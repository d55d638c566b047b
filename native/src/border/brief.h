// A scan in one row of numbers, for whoever needs no tables.
//
// Promises: written into memory that JavaScript keeps from message to message, so that nothing is allocated: handing over the
// tables costs half as much as the walk through a small message, and again as much in collecting them.
#pragma once
#include <napi.h>

#include <cstdint>
#include <span>

#include "layout.h"
#include "output.h"

namespace sluice {

inline constexpr std::size_t brief_width = sizeof brief_columns / sizeof *brief_columns;
using Brief = std::span<std::uint32_t, brief_width>;

/// A Uint32Array of exactly that length. Valid until the call returns.
Brief brief_argument(napi_env env, napi_value value);

void write_brief(const Output& output, Brief brief);

}  // namespace sluice
