// The decoders for the tests: a body or text in pieces in, octets and flags out.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "components/components.h"
#include "decoding/base64_bulk.h"
#include "decoding/charset.h"
#include "decoding/search.h"
#include "decoding/transfer.h"
#include "decoding/utf8.h"
#include "decoding/uuencode.h"

namespace sluice {

namespace {

std::string_view octets_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

Napi::Value buffer_of(Napi::Env env, std::string_view octets) {
  return Napi::Buffer<char>::Copy(env, octets.data(), octets.size());
}

/// `name` or `name@offset`, in the order in which they were raised.
class Heard final : public Faults {
 public:
  void raise(Flag flag, std::uint64_t offset) override {
    flags_.push_back(name(flag) + "@" + std::to_string(offset));
  }
  void raise(Flag flag) override { flags_.push_back(name(flag)); }

  Napi::Value to_array(Napi::Env env) const {
    const auto array = Napi::Array::New(env, flags_.size());
    for (std::size_t i = 0; i < flags_.size(); ++i) array.Set(static_cast<std::uint32_t>(i), flags_[i]);
    return array;
  }

 private:
  static std::string name(Flag flag) { return std::string(flag_names[static_cast<std::size_t>(flag)]); }
  std::vector<std::string> flags_;
};

class Kept final : public Sink {
 public:
  void write(std::string_view piece) override { octets += piece; }
  void end() override { ended = true; }
  std::string octets;
  bool ended = false;
};

/// Of an array of buffers.
template <typename Take>
void each_piece(const Napi::Value& pieces, Take take) {
  const auto array = pieces.As<Napi::Array>();
  for (std::uint32_t i = 0; i < array.Length(); ++i) take(octets_of(array.Get(i)));
}

Encoding encoding_of(const std::string& name) {
  const auto* found = std::find(std::begin(encoding_names), std::end(encoding_names), name);
  return static_cast<Encoding>(found - std::begin(encoding_names));
}

/// (encoding, pieces, offset) → { octets, flags }
Napi::Value decode_transfer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Kept kept;
  Heard heard;
  const auto decoder = make_transfer_decoder(encoding_of(info[0].As<Napi::String>()), kept, heard);
  std::uint64_t offset = info[2].As<Napi::Number>().Uint32Value();
  each_piece(info[1], [&](std::string_view piece) {
    decoder->decode(piece, offset);
    offset += piece.size();
  });
  decoder->finish(offset);
  auto result = Napi::Object::New(env);
  result.Set("octets", buffer_of(env, kept.octets));
  result.Set("flags", heard.to_array(env));
  return result;
}

class KeptFiles final : public FileSinks {
 public:
  Sink* open(std::string_view name) override {
    names.emplace_back(name);
    // A file whose name says so is skipped, as the walker does beyond its limits.
    if (name.starts_with("skip")) return nullptr;
    files.push_back(std::make_unique<Kept>());
    return files.back().get();
  }
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Kept>> files;
};

/// (pieces) → { text, ended, names, files, flags }
Napi::Value split_uuencode(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Kept text;
  KeptFiles files;
  Heard heard;
  const auto splitter = make_uuencode_splitter(text, files, heard);
  each_piece(info[0], [&](std::string_view piece) { splitter->write(piece); });
  splitter->end();
  auto names = Napi::Array::New(env);
  for (const auto& name : files.names) names.Set(names.Length(), buffer_of(env, name));
  auto octets = Napi::Array::New(env);
  for (const auto& file : files.files)
    octets.Set(octets.Length(), file->ended ? buffer_of(env, file->octets) : env.Null());
  auto result = Napi::Object::New(env);
  result.Set("text", buffer_of(env, text.octets));
  result.Set("ended", text.ended);
  result.Set("names", names);
  result.Set("files", octets);
  result.Set("flags", heard.to_array(env));
  return result;
}

/// (label, pieces) → { utf8, ended, flags }
Napi::Value decode_text(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string label = info[0].As<Napi::String>();
  Kept kept;
  Heard heard;
  const auto decoder = make_charset_decoder(label, kept, heard);
  each_piece(info[1], [&](std::string_view piece) { decoder->write(piece); });
  decoder->end();
  auto result = Napi::Object::New(env);
  result.Set("utf8", buffer_of(env, kept.octets));
  result.Set("ended", kept.ended);
  result.Set("flags", heard.to_array(env));
  return result;
}

/// (label, octets) → { utf8, clean }
Napi::Value decode_short(const Napi::CallbackInfo& info) {
  std::string utf8;
  const std::string label = info[0].As<Napi::String>();
  const bool clean = decode_charset(label, octets_of(info[1]), utf8);
  auto result = Napi::Object::New(info.Env());
  result.Set("utf8", buffer_of(info.Env(), utf8));
  result.Set("clean", clean);
  return result;
}

Napi::Value is_known(const Napi::CallbackInfo& info) {
  const std::string label = info[0].As<Napi::String>();
  return Napi::Boolean::New(info.Env(), is_known_charset(label));
}

/// (octets, room, vector) → { read, octets }: one call of the bulk decoder; `vector` asks for AVX2.
Napi::Value bulk(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string_view in = octets_of(info[0]);
  const std::size_t room = info[1].As<Napi::Number>().Uint32Value();
  std::string out(room + base64::slack, '\0');
  const auto run = info[2].As<Napi::Boolean>() ? base64::bulk_avx2 : base64::bulk_scalar;
  const base64::Progress progress = run(in.data(), in.size(), out.data(), room);
  auto result = Napi::Object::New(env);
  result.Set("read", static_cast<double>(progress.read));
  result.Set("octets", buffer_of(env, std::string_view(out).substr(0, progress.written)));
  return result;
}

/// (octets, vector) → { ascii, copied, line, valid, cut }. With `vector` as the processor can, else without.
Napi::Value search(const Napi::CallbackInfo& info) {
  const std::string_view in = octets_of(info[0]);
  const bool vector = info[1].As<Napi::Boolean>();
  const Utf8Prefix prefix = utf8_prefix(in);
  auto result = Napi::Object::New(info.Env());
  const std::size_t ascii = vector ? ascii_prefix(in.data(), in.size()) : ascii_prefix_scalar(in.data(), in.size());
  std::string copy(in.size(), '\0');
  const CopyUntil copy_until = vector ? choose_copy_until() : copy_until_scalar;
  copy.resize(copy_until(in.data(), in.size(), copy.data()));
  const auto find_line = vector ? find_line_with : find_line_with_scalar;
  result.Set("line", static_cast<double>(find_line('b', in.data(), in.size())));
  result.Set("ascii", static_cast<double>(ascii));
  result.Set("copied", buffer_of(info.Env(), copy));
  result.Set("valid", static_cast<double>(prefix.valid));
  result.Set("cut", static_cast<double>(prefix.cut));
  return result;
}

}  // namespace

void register_decoding(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char* name, auto* function) { exports.Set(name, Napi::Function::New(env, function)); };
  add("decodeTransfer", decode_transfer);
  add("splitUuencode", split_uuencode);
  add("decodeText", decode_text);
  add("decodeShort", decode_short);
  add("isKnownCharset", is_known);
  add("base64Bulk", bulk);
  add("searchOctets", search);
  exports.Set("hasAvx2", Napi::Boolean::New(env, __builtin_cpu_supports("avx2") != 0));
}

}  // namespace sluice
