// A linear model and the reader of its features: the class Model in JavaScript, made by openModel only.
//
// Promises: the weights are one copy for all threads; the reader is this thread's and keeps its memory from message to
// message.
#pragma once
#include <napi.h>

#include <memory>
#include <optional>

#include "model/model.h"
#include "output.h"

namespace sluice {

class ModelObject : public Napi::ObjectWrap<ModelObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit ModelObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value score(const Napi::CallbackInfo& info);
  Napi::Value look_up(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  const Model& model() const;

  std::shared_ptr<const Model> model_;
  std::unique_ptr<Scorer> scorer_;
  Output output_;
};

/// The class FeatureExtractor: features without a model, for training.
class FeatureExtractorObject : public Napi::ObjectWrap<FeatureExtractorObject> {
 public:
  static Napi::Function define(Napi::Env env);

  /// (options?: FeatureOptions)
  explicit FeatureExtractorObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value extract(const Napi::CallbackInfo& info);

  FeatureExtractor extractor_;
  Output output_;
};

}  // namespace sluice
