// Compiling patterns. It can take minutes and blocks its thread: for a process of its own that may be killed.
#include "matching/compile.h"

#include "border/exports.h"
#include "border/pattern_argument.h"
#include "layout.h"

namespace sluice {
namespace {

// (patterns) → { image?: Uint8Array, verdicts: { handling, reason }[], refusal: string }
Napi::Value compile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Compilation compilation = compile_patterns(patterns_argument(info[0]));
  Napi::Object object = Napi::Object::New(env);
  Napi::Array verdicts = Napi::Array::New(env, compilation.verdicts.size());
  for (std::size_t index = 0; index < compilation.verdicts.size(); index++) {
    const Napi::HandleScope scope(env);
    verdicts.Set(static_cast<std::uint32_t>(index), verdict_object(env, compilation.verdicts[index]));
  }
  object.Set("verdicts", verdicts);
  object.Set("refusal", compilation.refusal);
  if (compilation.refusal.empty())
    object.Set("image", Napi::Buffer<char>::Copy(env, compilation.image.data(), compilation.image.size()));
  return object;
}

// (pattern) → { handling, reason, minWidth, maxWidth?, onlyAtEnd }
Napi::Value inspect(const Napi::CallbackInfo& info) {
  const ExpressionInfo expression = inspect_pattern(pattern_argument(info[0]));
  Napi::Object object = verdict_object(info.Env(), expression.verdict);
  object.Set("minWidth", expression.min_width);
  if (expression.max_width != none) object.Set("maxWidth", expression.max_width);
  object.Set("onlyAtEnd", expression.only_at_end);
  return object;
}

}  // namespace

void export_compiler(Napi::Env env, Napi::Object exports) {
  exports.Set("compilePatterns", Napi::Function::New<compile>(env, "compilePatterns"));
  exports.Set("inspectPattern", Napi::Function::New<inspect>(env, "inspectPattern"));
}

}  // namespace sluice
