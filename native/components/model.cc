// Features and model for the tests: tables in, slots and scores out; and what each takes.
#include "model/model.h"

#include <napi.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>

#include "components/components.h"
#include "model/characters.h"

namespace sluice {
namespace {

template <typename Row>
std::vector<Row> rows_of(const Napi::Object& tables, const char* name) {
  const auto array = tables.Get(name).As<Napi::Uint32Array>();
  std::vector<Row> rows(array.ElementLength() / (sizeof(Row) / sizeof(std::uint32_t)));
  if (!rows.empty()) std::memcpy(rows.data(), array.Data(), rows.size() * sizeof(Row));
  return rows;
}

std::string octets_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

Output output_of(const Napi::Value& value) {
  const auto tables = value.As<Napi::Object>();
  Output output;
  output.size = static_cast<std::uint64_t>(tables.Get("size").ToNumber().Int64Value());
  output.parts = rows_of<PartRow>(tables, "parts");
  output.fields = rows_of<FieldRow>(tables, "fields");
  output.texts = rows_of<TextRow>(tables, "texts");
  output.links = rows_of<LinkRow>(tables, "links");
  output.flags = rows_of<FlagRow>(tables, "flags");
  output.strings = octets_of(tables.Get("strings"));
  output.text = octets_of(tables.Get("text"));
  return output;
}

FeatureOptions options_of(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  FeatureOptions options;
  const auto bits = object.Get("bits").As<Napi::Array>();
  for (std::uint32_t group = 0; group < feature_group_count; ++group)
    options.bits[group] = static_cast<std::uint8_t>(bits.Get(group).ToNumber().Uint32Value());
  options.window = object.Get("window").ToNumber().Uint32Value();
  options.carried = object.Get("carried").ToBoolean();
  return options;
}

Napi::Uint32Array words(Napi::Env env, std::span<const std::uint32_t> list) {
  auto array = Napi::Uint32Array::New(env, list.size());
  if (!list.empty()) std::memcpy(array.Data(), list.data(), list.size_bytes());
  return array;
}

// (tables, options) → slots of each group
Napi::Value extract(const Napi::CallbackInfo& info) {
  FeatureExtractor extractor(options_of(info[1]));
  const Output output = output_of(info[0]);
  const FeatureVector vector = extractor.extract(output);
  Napi::Array groups = Napi::Array::New(info.Env(), feature_group_count);
  for (std::uint32_t group = 0; group < feature_group_count; ++group)
    groups.Set(group, words(info.Env(), vector.slots[group]));
  return groups;
}

// (tables, options, path of a model or undefined, rounds) → nanoseconds of the quickest round
Napi::Value time(const Napi::CallbackInfo& info) {
  using Clock = std::chrono::steady_clock;
  FeatureExtractor extractor(options_of(info[1]));
  const Output output = output_of(info[0]);
  const auto model = info[2].IsString() ? open_model(info[2].ToString()).model : nullptr;
  auto least = Clock::duration::max();
  for (std::uint32_t round = info[3].ToNumber().Uint32Value(); round > 0; --round) {
    const auto start = Clock::now();
    const FeatureVector vector = extractor.extract(output);
    if (model) static_cast<void>(model->score(vector));
    least = std::min(least, Clock::now() - start);
  }
  return Napi::Number::New(info.Env(), static_cast<double>(std::chrono::nanoseconds(least).count()));
}

Napi::Object facts_object(Napi::Env env, const Model& model) {
  const ModelFacts& facts = model.facts();
  Napi::Object object = Napi::Object::New(env);
  Napi::Array bits = Napi::Array::New(env);
  for (std::uint32_t group = 0; group < feature_group_count; ++group)
    bits.Set(group, facts.options.bits[group]);
  object.Set("bits", bits);
  object.Set("window", facts.options.window);
  object.Set("carried", facts.options.carried);
  object.Set("name", facts.name);
  object.Set("bias", facts.bias);
  object.Set("slope", facts.calibration_slope);
  object.Set("offset", facts.calibration_offset);
  object.Set("training", Napi::Buffer<std::uint8_t>::Copy(env, facts.training.data(), facts.training.size()));
  object.Set("ham", facts.ham);
  object.Set("spam", facts.spam);
  object.Set("size", static_cast<double>(model.size()));
  return object;
}

// (path) → facts, or a string: why it was refused
Napi::Value open(const Napi::CallbackInfo& info) {
  const ModelOpening opening = open_model(info[0].ToString());
  if (!opening.model) return Napi::String::New(info.Env(), opening.refusal);
  return facts_object(info.Env(), *opening.model);
}

// (path, tables) → [margin, probability, groups…]
Napi::Value score(const Napi::CallbackInfo& info) {
  Scorer scorer(open_model(info[0].ToString()).model);
  const Score result = scorer.score(output_of(info[1]));
  auto array = Napi::Float64Array::New(info.Env(), 2 + feature_group_count);
  array[0] = result.margin;
  array[1] = result.probability;
  for (std::size_t group = 0; group < feature_group_count; ++group) array[2 + group] = result.groups[group];
  return array;
}

// (path, group, slots) → weights, then scales
Napi::Value look_up(const Napi::CallbackInfo& info) {
  const auto model = open_model(info[0].ToString()).model;
  const auto slots = info[2].As<Napi::Uint32Array>();
  const std::size_t count = slots.ElementLength();
  auto array = Napi::Float64Array::New(info.Env(), count * 2);
  model->look_up(static_cast<FeatureGroup>(info[1].ToNumber().Uint32Value()), {slots.Data(), count},
                 {array.Data(), count}, {array.Data() + count, count});
  return array;
}

// (first, count) → folded, class, script of each
Napi::Value characters(const Napi::CallbackInfo& info) {
  const std::uint32_t first = info[0].ToNumber().Uint32Value();
  std::vector<std::uint32_t> rows;
  for (std::uint32_t code = first; code < first + info[1].ToNumber().Uint32Value(); ++code) {
    const Character character = read_character(code);
    rows.insert(rows.end(), {character.code, static_cast<std::uint32_t>(character.kind),
                             static_cast<std::uint32_t>(script_of(character.code))});
  }
  return words(info.Env(), rows);
}

// (octets) → code points
Napi::Value decode(const Napi::CallbackInfo& info) {
  const std::string text = octets_of(info[0]);
  std::vector<std::uint32_t> codes;
  for (std::size_t at = 0; at < text.size();) codes.push_back(next_character(text, at));
  return words(info.Env(), codes);
}

}  // namespace

void register_model(Napi::Env env, Napi::Object exports) {
  Napi::Object model = Napi::Object::New(env);
  model.Set("extract", Napi::Function::New<extract>(env));
  model.Set("time", Napi::Function::New<time>(env));
  model.Set("open", Napi::Function::New<open>(env));
  model.Set("score", Napi::Function::New<score>(env));
  model.Set("lookUp", Napi::Function::New<look_up>(env));
  model.Set("characters", Napi::Function::New<characters>(env));
  model.Set("decode", Napi::Function::New<decode>(env));
  exports.Set("model", model);
}

}  // namespace sluice
