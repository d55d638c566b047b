#include "border/pattern_argument.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "border/arguments.h"

namespace sluice {
namespace {

// So many that compiling them would take hours; a list that long is a mistake.
constexpr std::uint32_t most_patterns = 1'000'000;

std::size_t index_of(const Napi::Value& value, const char* what, std::span<const std::string_view> names) {
  const std::string given = string_argument(value, what);
  for (std::size_t index = 0; index < names.size(); index++)
    if (names[index] == given) return index;
  throw Napi::TypeError::New(value.Env(), "there is no " + std::string(what) + " '" + given + "'");
}

bool flag_of(const Napi::Object& object, const char* name, std::optional<bool> otherwise) {
  const Napi::Value value = object.Get(name);
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  if (value.IsUndefined() && otherwise.has_value()) return *otherwise;
  throw Napi::TypeError::New(object.Env(), std::string(name) + " of a pattern is true or false");
}

ZoneSet zones_of(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "zones of a pattern are an array");
  const Napi::Array array = value.As<Napi::Array>();
  ZoneSet zones = 0;
  for (std::uint32_t index = 0; index < array.Length(); index++)
    zones = static_cast<ZoneSet>(zones | only(static_cast<Zone>(index_of(array.Get(index), "zone", zone_names))));
  return zones;
}

}  // namespace

Pattern pattern_argument(const Napi::Value& value) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "a pattern is an object");
  const Napi::Object object = value.As<Napi::Object>();
  Pattern pattern;
  pattern.kind = static_cast<PatternKind>(index_of(object.Get("kind"), "kind of pattern", pattern_kind_names));
  pattern.caseless = flag_of(object, "caseless", std::nullopt);
  pattern.zones = zones_of(object.Get("zones"));
  if (pattern.kind == PatternKind::Literal) {
    pattern.text = string_argument(object.Get("text"), "text of a literal");
    pattern.word = static_cast<WordSides>(index_of(object.Get("word"), "word", word_sides_names));
  } else {
    pattern.text = string_argument(object.Get("source"), "source of a regular expression");
    pattern.dotall = flag_of(object, "dotall", std::nullopt);
    pattern.multiline = flag_of(object, "multiline", std::nullopt);
    pattern.unicode = flag_of(object, "unicode", std::nullopt);
    pattern.every = flag_of(object, "every", false);
  }
  return pattern;
}

std::vector<Pattern> patterns_argument(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "patterns are given as an array");
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() > most_patterns) throw Napi::RangeError::New(value.Env(), "too many patterns");
  std::vector<Pattern> patterns;
  patterns.reserve(array.Length());
  for (std::uint32_t index = 0; index < array.Length(); index++) {
    // A list of thousands would otherwise keep a handle for each value that was looked at.
    const Napi::HandleScope scope(value.Env());
    patterns.push_back(pattern_argument(array.Get(index)));
  }
  return patterns;
}

Napi::Object verdict_object(Napi::Env env, const Verdict& verdict) {
  Napi::Object object = Napi::Object::New(env);
  const std::string_view handling = handling_names[static_cast<std::size_t>(verdict.handling)];
  object.Set("handling", Napi::String::New(env, handling.data(), handling.size()));
  object.Set("reason", verdict.reason);
  return object;
}

}  // namespace sluice
