// The addon of the tests: single components of the core, one property each (test/scanner/components.ts loads it).
#include <napi.h>

#include "components/components.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  // sluice::register_<name>(env, exports);
  sluice::register_decoding(env, exports);
  sluice::register_matching(env, exports);
  sluice::register_mime(env, exports);
  sluice::register_text(env, exports);
  sluice::register_model(env, exports);
  sluice::register_host(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(components, initialise)
