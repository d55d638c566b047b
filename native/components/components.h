// What tests reach of single components. Each owner of a component has one file here and one line below.
#pragma once
#include <napi.h>

namespace sluice {

// void register_<name>(Napi::Env env, Napi::Object exports);
void register_decoding(Napi::Env env, Napi::Object exports);
void register_matching(Napi::Env env, Napi::Object exports);
void register_mime(Napi::Env env, Napi::Object exports);
void register_text(Napi::Env env, Napi::Object exports);
void register_model(Napi::Env env, Napi::Object exports);
void register_host(Napi::Env env, Napi::Object exports);

}  // namespace sluice
