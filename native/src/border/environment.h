// What the addon keeps for one JavaScript environment: the main thread, or one worker.
//
// Promises: made when the addon is loaded there, gone when that environment ends (Node-API instance data); nobody outside
// its thread touches it. What outlives it by a moment, when objects are finalised in another order, holds its own share.
#pragma once
#include <napi.h>

#include <memory>

#include "matching/scratch.h"

namespace sluice {

struct Environment {
  /// One scan at a time per thread: all scanners of the thread use it.
  std::shared_ptr<ScratchSpace> scratch = std::make_shared<ScratchSpace>();
  Napi::FunctionReference database_class;
  Napi::FunctionReference model_class;

  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }
};

}  // namespace sluice
