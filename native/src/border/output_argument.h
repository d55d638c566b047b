// The tables of a scan on their way back from JavaScript, of whichever scanner.
//
// Promises: the types of the arrays are checked and whole rows are taken; what stands in them is not looked at, for the
// reader of features does not trust it either.
#pragma once
#include <napi.h>

#include "output.h"

namespace sluice {

/// Overwrites `output`, whose memory is used again.
void output_argument(const Napi::Value& value, Output& output);

}  // namespace sluice
