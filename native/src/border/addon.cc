// What JavaScript sees of the native core. The files of this folder are the only ones that know Node-API.
//
// Promises: state is per environment (the main thread and each worker load the addon by themselves) and ends with it;
// arguments are checked once, here; an exception of any kind becomes a JavaScript error at the entry it would leave by
// (NODE_ADDON_API_CPP_EXCEPTIONS_ALL); no call back into JavaScript during a scan.
#include <napi.h>

#include "border/environment.h"
#include "border/exports.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(std::make_unique<sluice::Environment>().release());
  sluice::export_layout(env, exports);
  sluice::export_platform(env, exports);
  sluice::export_compiler(env, exports);
  sluice::export_databases(env, exports);
  sluice::export_scanner(env, exports);
  sluice::export_model(env, exports);
  sluice::export_affinity(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(sluice, initialise)
