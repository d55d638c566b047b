// The examination of lines alone: by vector and octet by octet, in pieces.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "components/components.h"
#include "mime/lines.h"
#include "mime/tables.h"

namespace sluice {

namespace {

/// (octets, piece size, fast, dashes, eightBit) → [stops, flag rows]: stops are the places where a line may be a delimiter.
Napi::Value examine_lines(const Napi::CallbackInfo& info) {
  const auto octets = info[0].As<Napi::Uint8Array>();
  const std::string_view message(reinterpret_cast<const char*>(octets.Data()), octets.ByteLength());
  const std::size_t size = std::max<std::size_t>(info[1].As<Napi::Number>().Uint32Value(), 1);
  const Lines::Wanted wanted{info[3].ToBoolean().Value(), info[4].ToBoolean().Value()};
  Tables tables(Limits{});
  Lines lines(tables, info[2].ToBoolean().Value());
  tables.add_part(none, 0, 0);
  auto stops = Napi::Array::New(info.Env());
  for (std::size_t at = 0; at < message.size();) {
    const std::string_view piece = message.substr(at, size - at % size);
    const std::size_t examined = lines.examine(piece, at, 0, wanted);
    at += examined;
    if (examined < piece.size()) stops[stops.Length()] = static_cast<double>(at);
  }
  lines.finish(message.size(), 0);
  Output output;
  tables.finish(output);
  auto flags = Napi::Array::New(info.Env());
  for (const FlagRow& row : output.flags) {
    flags[flags.Length()] = row.flag;
    flags[flags.Length()] = row.offset;
  }
  auto result = Napi::Array::New(info.Env());
  result[0u] = stops;
  result[1u] = flags;
  return result;
}

}  // namespace

void register_mime(Napi::Env env, Napi::Object exports) {
  exports["examineLines"] = Napi::Function::New<examine_lines>(env);
}

}  // namespace sluice
