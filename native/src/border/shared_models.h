// One copy of each model for all threads of the process.
//
// Owner: the process. An entry lives as long as somebody holds its model.
// Promises: any thread may ask; a file that was replaced meanwhile is another model, whatever its name.
#pragma once
#include <string>

#include "model/model.h"

namespace sluice {

/// Opens the file, or hands out the copy that the process already has of it.
ModelOpening share_model(const std::string& path);

}  // namespace sluice
