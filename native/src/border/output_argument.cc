#include "border/output_argument.h"

#include <cstring>
#include <string>
#include <vector>

#include "border/arguments.h"

namespace sluice {
namespace {

template <typename Row>
void read_table(const Napi::Object& object, const char* name, std::vector<Row>& rows) {
  const Napi::Value value = object.Get(name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
    throw Napi::TypeError::New(object.Env(), std::string(name) + " of a scan is a Uint32Array");
  const auto table = value.As<Napi::Uint32Array>();
  rows.resize(table.ByteLength() / sizeof(Row));
  if (!rows.empty()) std::memcpy(rows.data(), table.Data(), rows.size() * sizeof(Row));
}

}  // namespace

void output_argument(const Napi::Value& value, Output& output) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "the output of a scan is an object");
  const Napi::Object object = value.As<Napi::Object>();
  read_table(object, "parts", output.parts);
  read_table(object, "fields", output.fields);
  read_table(object, "texts", output.texts);
  read_table(object, "links", output.links);
  read_table(object, "flags", output.flags);
  // Copies: the strings are read many times, and shared memory is refused here as everywhere.
  output.strings = octets_argument(value.Env(), object.Get("strings"));
  output.text = octets_argument(value.Env(), object.Get("text"));
  const Napi::Value size = object.Get("size");
  const double octets = size.IsNumber() ? size.As<Napi::Number>().DoubleValue() : -1;
  if (!(octets >= 0 && octets <= 9'007'199'254'740'991.0))
    throw Napi::TypeError::New(value.Env(), "size of a scan is a number of octets");
  output.size = static_cast<std::uint64_t>(octets);
}

}  // namespace sluice
