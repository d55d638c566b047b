#include "border/database_object.h"

#include <cstddef>
#include <utility>

#include "border/arguments.h"
#include "border/environment.h"
#include "border/exports.h"
#include "border/pattern_argument.h"

namespace sluice {
namespace {

// By the tag an object is known as ours before its pointer is followed.
constexpr napi_type_tag tag = {0x6b1f'29d4'07ce'4a53, 0x9a7d'e0c1'52f8'3b66};

Napi::Value object_of(Napi::Env env, std::shared_ptr<const PatternDatabase> database) {
  return Environment::of(env).database_class.New(
      {Napi::External<std::shared_ptr<const PatternDatabase>>::New(env, &database)});
}

// (image: Uint8Array) → PatternDatabase, or a string: why it was refused
Napi::Value load(const Napi::CallbackInfo& info) {
  LoadedPatterns loaded = load_patterns(octets_argument(info.Env(), info[0]));
  if (!loaded.database) return Napi::String::New(info.Env(), loaded.refusal);
  return object_of(info.Env(), std::move(loaded.database));
}

// (the beginning of an image: Uint8Array) → PatternDatabase, or undefined: the process has none of that image
Napi::Value find(const Napi::CallbackInfo& info) {
  auto database = find_patterns(octets_argument(info.Env(), info[0]));
  return database ? object_of(info.Env(), std::move(database)) : info.Env().Undefined();
}

}  // namespace

Napi::Function DatabaseObject::define(Napi::Env env) {
  return DefineClass(env, "PatternDatabase",
                     {InstanceMethod<&DatabaseObject::describe>("describe"),
                      InstanceMethod<&DatabaseObject::verdicts>("verdicts"),
                      InstanceMethod<&DatabaseObject::release>("release")});
}

DatabaseObject::DatabaseObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<DatabaseObject>(info) {
  // The class itself is exported to nobody, but `constructor` of an instance leads here. Only `object_of` has an External.
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "loadPatterns makes a PatternDatabase");
  database_ = *info[0].As<Napi::External<std::shared_ptr<const PatternDatabase>>>().Data();
  info.This().As<Napi::Object>().TypeTag(&tag);
}

std::shared_ptr<const PatternDatabase> DatabaseObject::argument(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&tag))
    throw Napi::TypeError::New(value.Env(), "patterns are what loadPatterns returned");
  DatabaseObject* object = Unwrap(value.As<Napi::Object>());
  object->database();
  return object->database_;
}

const PatternDatabase& DatabaseObject::database() const {
  if (!database_) throw Napi::Error::New(Env(), "these patterns were released");
  return *database_;
}

// → { patterns, size, reach, parts: { zones, patterns, size, streamSize, info }[] }, sizes in octets
Napi::Value DatabaseObject::describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const PatternDatabase& database = this->database();
  Napi::Object object = Napi::Object::New(env);
  object.Set("patterns", static_cast<double>(database.facts().size()));
  object.Set("size", static_cast<double>(database.size()));
  object.Set("reach", static_cast<double>(database.reach()));
  Napi::Array parts = Napi::Array::New(env);
  for (const PatternDatabase::Part& part : database.parts()) {
    Napi::Object row = Napi::Object::New(env);
    Napi::Array zones = Napi::Array::New(env);
    for (std::size_t zone = 0; zone < zone_count; zone++)
      if (contains(part.zones, static_cast<Zone>(zone)))
        zones.Set(zones.Length(), Napi::String::New(env, zone_names[zone].data(), zone_names[zone].size()));
    row.Set("zones", zones);
    row.Set("patterns", part.patterns);
    row.Set("size", static_cast<double>(part.size));
    row.Set("streamSize", static_cast<double>(part.stream_size));
    row.Set("info", part.info);
    parts.Set(parts.Length(), row);
  }
  object.Set("parts", parts);
  return object;
}

Napi::Value DatabaseObject::verdicts(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::span<const Verdict> list = database().verdicts();
  Napi::Array array = Napi::Array::New(env, list.size());
  for (std::size_t index = 0; index < list.size(); index++) {
    const Napi::HandleScope scope(env);
    array.Set(static_cast<std::uint32_t>(index), verdict_object(env, list[index]));
  }
  return array;
}

void DatabaseObject::release(const Napi::CallbackInfo&) { database_.reset(); }

void export_databases(Napi::Env env, Napi::Object exports) {
  Environment::of(env).database_class = Napi::Persistent(DatabaseObject::define(env));
  exports.Set("loadPatterns", Napi::Function::New<load>(env, "loadPatterns"));
  exports.Set("findPatterns", Napi::Function::New<find>(env, "findPatterns"));
}

}  // namespace sluice
