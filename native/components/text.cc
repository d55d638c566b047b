// Readable text alone: a text in pieces to what is seen, what is hidden, links and flags.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "components/components.h"
#include "text/printable.h"
#include "text/readable.h"

namespace sluice {

namespace {

struct Found {
  Zone zone;
  LinkOrigin origin;
  std::string text;
};

class Recorder final : public Readable, public Faults {
 public:
  void visible(std::string_view piece) override { seen.append(piece); }
  void hidden(std::string_view piece) override { unseen.append(piece); }
  void link(Zone zone, LinkOrigin origin, std::string_view text) override {
    links.push_back({zone, origin, std::string{text}});
  }
  void raise(Flag flag, std::uint64_t) override { raise(flag); }
  void raise(Flag flag) override { flags.push_back(flag); }

  std::string seen;
  std::string unseen;
  std::vector<Found> links;
  std::vector<Flag> flags;
};

Napi::String name(Napi::Env env, std::string_view text) { return Napi::String::New(env, text.data(), text.size()); }

Napi::Buffer<char> octets(Napi::Env env, const std::string& text) {
  return Napi::Buffer<char>::Copy(env, text.data(), text.size());
}

Napi::Object result(Napi::Env env, const Recorder& recorder) {
  auto object = Napi::Object::New(env);
  object["visible"] = octets(env, recorder.seen);
  object["hidden"] = octets(env, recorder.unseen);
  auto links = Napi::Array::New(env);
  for (const Found& link : recorder.links) {
    auto row = Napi::Array::New(env);
    row[0u] = name(env, zone_names[static_cast<std::size_t>(link.zone)]);
    row[1u] = name(env, link_origin_names[static_cast<std::size_t>(link.origin)]);
    row[2u] = octets(env, link.text);
    links[links.Length()] = row;
  }
  object["links"] = links;
  auto flags = Napi::Array::New(env);
  for (const Flag flag : recorder.flags) flags[flags.Length()] = name(env, flag_names[static_cast<std::size_t>(flag)]);
  object["flags"] = flags;
  return object;
}

/// readText(kind: 'plain' | 'html', text: Buffer, cuts: number[], linkLimit: number)
Napi::Value read_text(const Napi::CallbackInfo& info) {
  const bool html = info[0].As<Napi::String>().Utf8Value() == "html";
  const auto buffer = info[1].As<Napi::Buffer<char>>();
  const std::string_view text{buffer.Data(), buffer.Length()};
  const auto cuts = info[2].As<Napi::Array>();
  const std::uint32_t limit = info[3].As<Napi::Number>();
  Recorder recorder;
  const auto reader = html ? make_html_reader(recorder, recorder, limit) : make_plain_reader(recorder, recorder, limit);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < cuts.Length(); i++) {
    const std::size_t cut = std::clamp<std::size_t>(cuts.Get(i).As<Napi::Number>().Uint32Value(), at, text.size());
    reader->write(text.substr(at, cut - at));
    at = cut;
  }
  reader->write(text.substr(at));
  reader->end();
  return result(info.Env(), recorder);
}

/// (octets, vector) → those at the beginning that are printable. With `vector` as the processor can, else without AVX2.
Napi::Value copy_printable(const Napi::CallbackInfo& info) {
  const auto in = info[0].As<Napi::Buffer<char>>();
  const auto copy = info[1].As<Napi::Boolean>() ? text::choose_copy_printable() : text::copy_printable_sse2;
  std::string out(in.Length(), '\0');
  out.resize(copy(in.Data(), in.Length(), out.data()));
  return octets(info.Env(), out);
}

}  // namespace

void register_text(Napi::Env env, Napi::Object exports) {
  exports["readText"] = Napi::Function::New(env, read_text, "readText");
  exports["copyPrintable"] = Napi::Function::New(env, copy_printable, "copyPrintable");
}

}  // namespace sluice
