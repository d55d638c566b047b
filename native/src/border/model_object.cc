#include "border/model_object.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "border/arguments.h"
#include "border/environment.h"
#include "border/exports.h"
#include "border/output_argument.h"
#include "border/shared_models.h"

namespace sluice {
namespace {

constexpr std::uint32_t least_bits = 8;
constexpr std::uint32_t most_bits = 24;

Napi::String name_of(Napi::Env env, std::string_view name) { return Napi::String::New(env, name.data(), name.size()); }

FeatureOptions options_argument(const Napi::Value& value) {
  FeatureOptions options;
  if (value.IsUndefined()) return options;
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "options of features are an object");
  const Napi::Object object = value.As<Napi::Object>();
  const Napi::Value bits = object.Get("bits");
  if (!bits.IsArray() || bits.As<Napi::Array>().Length() != feature_group_count)
    throw Napi::TypeError::New(value.Env(), "bits of features are an array, one for each group");
  for (std::uint32_t group = 0; group < feature_group_count; group++)
    options.bits[group] = static_cast<std::uint8_t>(
        integer_argument(bits.As<Napi::Array>().Get(group), "bits of a group", least_bits, most_bits));
  options.window = integer_argument(object.Get("window"), "window", 2, 8);
  const Napi::Value carried = object.Get("carried");
  if (!carried.IsBoolean()) throw Napi::TypeError::New(value.Env(), "carried is true or false");
  options.carried = carried.As<Napi::Boolean>().Value();
  return options;
}

Napi::Object options_object(Napi::Env env, const FeatureOptions& options) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array bits = Napi::Array::New(env, feature_group_count);
  for (std::uint32_t group = 0; group < feature_group_count; group++) bits.Set(group, options.bits[group]);
  object.Set("bits", bits);
  object.Set("window", options.window);
  object.Set("carried", options.carried);
  return object;
}

std::span<std::uint32_t> slots_argument(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
    throw Napi::TypeError::New(value.Env(), "slots are a Uint32Array");
  Napi::Uint32Array array = value.As<Napi::Uint32Array>();
  return std::span(array.Data(), array.ElementLength());
}

std::size_t copy_body(const FeatureVector& features, std::span<std::uint32_t> into) {
  const auto slots = features.slots[static_cast<std::size_t>(FeatureGroup::Body)];
  const std::size_t count = std::min(slots.size(), into.size());
  std::copy_n(slots.begin(), count, into.begin());
  return count;
}

// (path: string) → Model, or a string: why it was refused
Napi::Value open(const Napi::CallbackInfo& info) {
  ModelOpening opening = share_model(string_argument(info[0], "the path of a model"));
  if (!opening.model) return Napi::String::New(info.Env(), opening.refusal);
  return Environment::of(info.Env())
      .model_class.New({Napi::External<std::shared_ptr<const Model>>::New(info.Env(), &opening.model)});
}

}  // namespace

Napi::Function ModelObject::define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {InstanceMethod<&ModelObject::describe>("describe"), InstanceMethod<&ModelObject::score>("score"),
                      InstanceMethod<&ModelObject::look_up>("lookUp"), InstanceMethod<&ModelObject::release>("release")});
}

ModelObject::ModelObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ModelObject>(info) {
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "openModel makes a Model");
  model_ = *info[0].As<Napi::External<std::shared_ptr<const Model>>>().Data();
}

const Model& ModelObject::model() const {
  if (!model_) throw Napi::Error::New(Env(), "this model was released");
  return *model_;
}

// → { options, name, bias, calibrationSlope, calibrationOffset, training: Uint8Array, ham, spam, size }
Napi::Value ModelObject::describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ModelFacts& facts = model().facts();
  Napi::Object object = Napi::Object::New(env);
  object.Set("options", options_object(env, facts.options));
  object.Set("name", facts.name);
  object.Set("bias", facts.bias);
  object.Set("calibrationSlope", facts.calibration_slope);
  object.Set("calibrationOffset", facts.calibration_offset);
  object.Set("training", Napi::Buffer<std::uint8_t>::Copy(env, facts.training.data(), facts.training.size()));
  object.Set("ham", facts.ham);
  object.Set("spam", facts.spam);
  object.Set("size", static_cast<double>(model().size()));
  return object;
}

// (output: ScanOutput, words?: Uint32Array) → Float64Array: margin, probability, then the sum of each group; with `words`,
// into which the slots of the body go as far as there is room, their number at last
Napi::Value ModelObject::score(const Napi::CallbackInfo& info) {
  model();
  output_argument(info[0], output_);
  const bool told = !info[1].IsUndefined();
  if (told) slots_argument(info[1]);
  // Memory for the features is taken when a message comes, not where a model is only described.
  if (!scorer_) scorer_ = std::make_unique<Scorer>(model_);
  const Score score = scorer_->score(output_);
  Napi::Float64Array numbers = Napi::Float64Array::New(info.Env(), 2 + feature_group_count + (told ? 1 : 0));
  numbers[0] = score.margin;
  numbers[1] = score.probability;
  for (std::size_t group = 0; group < feature_group_count; group++) numbers[2 + group] = score.groups[group];
  if (told) numbers[2 + feature_group_count] = static_cast<double>(copy_body(scorer_->features(), slots_argument(info[1])));
  return numbers;
}

// (group: number, slots: Uint32Array) → { weights: Float64Array, scales: Float64Array }
Napi::Value ModelObject::look_up(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::uint32_t group = integer_argument(info[0], "a group of features", 0, feature_group_count - 1);
  const std::span<std::uint32_t> given = slots_argument(info[1]);
  const std::vector<std::uint32_t> slots(given.begin(), given.end());
  for (const std::uint32_t slot : slots)
    if (slot >> model().facts().options.bits[group] != 0) throw Napi::RangeError::New(env, "there is no such slot");
  Napi::Float64Array weights = Napi::Float64Array::New(env, slots.size());
  Napi::Float64Array scales = Napi::Float64Array::New(env, slots.size());
  model().look_up(static_cast<FeatureGroup>(group), slots, std::span(weights.Data(), slots.size()),
                  std::span(scales.Data(), slots.size()));
  Napi::Object object = Napi::Object::New(env);
  object.Set("weights", weights);
  object.Set("scales", scales);
  return object;
}

void ModelObject::release(const Napi::CallbackInfo&) {
  scorer_.reset();
  model_.reset();
}

Napi::Function FeatureExtractorObject::define(Napi::Env env) {
  return DefineClass(env, "FeatureExtractor", {InstanceMethod<&FeatureExtractorObject::extract>("extract")});
}

FeatureExtractorObject::FeatureExtractorObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<FeatureExtractorObject>(info), extractor_(options_argument(info[0])) {}

// (output: ScanOutput) → Uint32Array[]: the slots of each group
Napi::Value FeatureExtractorObject::extract(const Napi::CallbackInfo& info) {
  output_argument(info[0], output_);
  const FeatureVector& vector = extractor_.extract(output_);
  Napi::Array groups = Napi::Array::New(info.Env(), feature_group_count);
  for (std::uint32_t group = 0; group < feature_group_count; group++) {
    const std::span<const std::uint32_t> slots = vector.slots[group];
    Napi::Uint32Array array = Napi::Uint32Array::New(info.Env(), slots.size());
    for (std::size_t index = 0; index < slots.size(); index++) array[index] = slots[index];
    groups.Set(group, array);
  }
  return groups;
}

void export_model(Napi::Env env, Napi::Object exports) {
  Environment::of(env).model_class = Napi::Persistent(ModelObject::define(env));
  exports.Set("openModel", Napi::Function::New<open>(env, "openModel"));
  exports.Set("FeatureExtractor", FeatureExtractorObject::define(env));
  Napi::Object features = Napi::Object::New(env);
  Napi::Array groups = Napi::Array::New(env, feature_group_count);
  for (std::uint32_t group = 0; group < feature_group_count; group++) groups.Set(group, name_of(env, feature_group_names[group]));
  features.Set("groups", groups);
  features.Set("version", feature_version);
  exports.Set("features", features);
}

}  // namespace sluice
