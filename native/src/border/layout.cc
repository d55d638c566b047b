// The layout as the addon was compiled with it: src/scanner/native.ts refuses an addon that says anything else than
// src/scanner/layout.ts and flag.ts.
#include "layout.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "border/exports.h"
#include "flag.h"

namespace sluice {
namespace {

Napi::Array names(Napi::Env env, std::span<const std::string_view> list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (std::size_t index = 0; index < list.size(); index++) {
    const std::string_view name = list[index];
    array.Set(static_cast<std::uint32_t>(index), Napi::String::New(env, name.data(), name.size()));
  }
  return array;
}

}  // namespace

void export_layout(Napi::Env env, Napi::Object exports) {
  Napi::Object layout = Napi::Object::New(env);
  layout.Set("zones", names(env, zone_names));
  layout.Set("partKinds", names(env, part_kind_names));
  layout.Set("encodings", names(env, encoding_names));
  layout.Set("dispositions", names(env, disposition_names));
  layout.Set("linkOrigins", names(env, link_origin_names));
  layout.Set("partColumns", names(env, part_columns));
  layout.Set("fieldColumns", names(env, field_columns));
  layout.Set("textColumns", names(env, text_columns));
  layout.Set("linkColumns", names(env, link_columns));
  layout.Set("flagColumns", names(env, flag_columns));
  layout.Set("matchColumns", names(env, match_columns));
  layout.Set("briefColumns", names(env, brief_columns));
  layout.Set("flags", names(env, flag_names));
  layout.Set("none", Napi::Number::New(env, none));
  exports.Set("layout", layout);
}

}  // namespace sluice
