// Zone streams and pattern databases for the tests: compile, load, write zones, read tables; and the naked search beside
// them, for what they cost.
#include <hs.h>
#include <napi.h>

#include <ctime>
#include <memory>
#include <string>

#include "components/components.h"
#include "matching/caseless.h"
#include "matching/compile.h"
#include "matching/image.h"
#include "matching/pattern_database.h"
#include "matching/platform.h"
#include "matching/scratch.h"
#include "matching/utf8.h"
#include "matching/words.h"
#include "matching/zone_streams.h"

namespace sluice {
namespace {

using Shared = std::shared_ptr<const PatternDatabase>;

std::string_view octets_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

std::uint32_t number_of(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

bool is_set(const Napi::Object& object, const char* name) { return object.Get(name).ToBoolean().Value(); }

/// Of this thread, so that a busy machine does not count.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Pattern pattern_of(const Napi::Object& object) {
  Pattern pattern;
  const std::string kind = object.Get("kind").ToString();
  pattern.kind = kind == "literal" ? PatternKind::Literal : PatternKind::Regex;
  pattern.text = object.Get(kind == "literal" ? "text" : "source").ToString();
  pattern.caseless = is_set(object, "caseless");
  pattern.dotall = is_set(object, "dotall");
  pattern.multiline = is_set(object, "multiline");
  pattern.unicode = is_set(object, "unicode");
  pattern.every = is_set(object, "every");
  const std::string word = object.Get("word").ToString();
  for (std::size_t side = 0; side < 4; ++side) {
    if (word_sides_names[side] == word) pattern.word = static_cast<WordSides>(side);
  }
  const auto zones = object.Get("zones").As<Napi::Array>();
  for (std::uint32_t at = 0; at < zones.Length(); ++at) {
    const std::string name = zones.Get(at).ToString();
    for (std::size_t zone = 0; zone < zone_count; ++zone) {
      if (zone_names[zone] == name) pattern.zones = static_cast<ZoneSet>(pattern.zones | only(static_cast<Zone>(zone)));
    }
  }
  return pattern;
}

Napi::Object object_of(Napi::Env env, const Verdict& verdict) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("handling", std::string(handling_names[static_cast<std::size_t>(verdict.handling)]));
  object.Set("reason", verdict.reason);
  return object;
}

Napi::Value compile(const Napi::CallbackInfo& info) {
  const auto list = info[0].As<Napi::Array>();
  std::vector<Pattern> patterns;
  for (std::uint32_t at = 0; at < list.Length(); ++at) {
    const Napi::HandleScope scope(info.Env());
    patterns.push_back(pattern_of(list.Get(at).As<Napi::Object>()));
  }
  const Compilation compilation = compile_patterns(patterns);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("image", Napi::Buffer<char>::Copy(info.Env(), compilation.image.data(), compilation.image.size()));
  result.Set("refusal", compilation.refusal);
  Napi::Array verdicts = Napi::Array::New(info.Env());
  for (const Verdict& verdict : compilation.verdicts) verdicts.Set(verdicts.Length(), object_of(info.Env(), verdict));
  result.Set("verdicts", verdicts);
  return result;
}

Napi::Value inspect(const Napi::CallbackInfo& info) {
  const ExpressionInfo found = inspect_pattern(pattern_of(info[0].As<Napi::Object>()));
  Napi::Object object = object_of(info.Env(), found.verdict);
  object.Set("minWidth", found.min_width);
  object.Set("maxWidth", found.max_width);
  object.Set("onlyAtEnd", found.only_at_end);
  return object;
}

/// The database as an object that holds it until the collector takes it, or the sentence why there is none.
Napi::Value load(const Napi::CallbackInfo& info) {
  LoadedPatterns loaded = load_patterns(octets_of(info[0]));
  if (!loaded.database) return Napi::String::New(info.Env(), loaded.refusal);
  auto holder = std::make_unique<Shared>(std::move(loaded.database));
  const auto external = Napi::External<Shared>::New(info.Env(), holder.get(), [](Napi::Env, Shared* held) {
    const std::unique_ptr<Shared> end(held);
  });
  [[maybe_unused]] const Shared* const given = holder.release();
  return external;
}

/// (library, features) → an image without patterns that says it was compiled there.
Napi::Value foreign_image(const Napi::CallbackInfo& info) {
  const Platform platform{.library = info[0].ToString(), .features = number_of(info[1]), .tune = 0};
  const std::string image = write_image(platform, {}, {}, {}, {});
  return Napi::Buffer<char>::Copy(info.Env(), image.data(), image.size());
}

Napi::Value platform(const Napi::CallbackInfo& info) {
  const Platform here = this_platform();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("library", here.library);
  object.Set("features", static_cast<double>(here.features));
  return object;
}

const Shared& shared_of(const Napi::Value& value) { return *value.As<Napi::External<Shared>>().Data(); }

/// Lets go of the database now; the object holds nothing from here on.
void release(const Napi::CallbackInfo& info) { info[0].As<Napi::External<Shared>>().Data()->reset(); }

Napi::Value describe(const Napi::CallbackInfo& info) {
  const Shared& database = shared_of(info[0]);
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("size", static_cast<double>(database->size()));
  object.Set("holders", static_cast<double>(database.use_count()));
  Napi::Array parts = Napi::Array::New(info.Env());
  for (const PatternDatabase::Part& part : database->parts()) {
    Napi::Object row = Napi::Object::New(info.Env());
    row.Set("zones", part.zones);
    row.Set("patterns", part.patterns);
    row.Set("size", static_cast<double>(part.size));
    row.Set("streamSize", static_cast<double>(part.stream_size));
    parts.Set(parts.Length(), row);
  }
  object.Set("parts", parts);
  return object;
}

template <typename Row>
Napi::Value table_of(Napi::Env env, const std::vector<Row>& rows) {
  const auto* numbers = reinterpret_cast<const std::uint32_t*>(rows.data());
  const std::size_t count = rows.size() * (sizeof(Row) / sizeof(std::uint32_t));
  auto table = Napi::Uint32Array::New(env, count);
  std::copy(numbers, numbers + count, table.Data());
  return table;
}

class Streams : public Napi::ObjectWrap<Streams> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "ZoneStreams",
                       {InstanceMethod<&Streams::wants>("wants"), InstanceMethod<&Streams::write>("write"),
                        InstanceMethod<&Streams::end_record>("endRecord"), InstanceMethod<&Streams::position>("position"),
                        InstanceMethod<&Streams::end>("end"), InstanceMethod<&Streams::text_was_cut>("textWasCut"),
                        InstanceMethod<&Streams::matches_were_cut>("matchesWereCut"),
                        InstanceMethod<&Streams::finish>("finish"), InstanceMethod<&Streams::reset>("reset"),
                        InstanceMethod<&Streams::time>("time")});
  }

  /// (database | null, { kept, matches })
  explicit Streams(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Streams>(info) {
    Limits limits;
    const auto given = info[1].As<Napi::Object>();
    limits.kept = number_of(given.Get("kept"));
    limits.matches = number_of(given.Get("matches"));
    streams_ = make_zone_streams(info[0].IsExternal() ? shared_of(info[0]) : nullptr, limits, &scratch_);
  }

 private:
  static Zone zone_of(const Napi::Value& value) {
    const std::string name = value.ToString();
    std::size_t zone = 0;
    while (zone + 1 < zone_count && zone_names[zone] != name) ++zone;
    return static_cast<Zone>(zone);
  }

  Napi::Value wants(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), streams_->wants(zone_of(info[0])));
  }
  void write(const Napi::CallbackInfo& info) {
    streams_->write(zone_of(info[0]), number_of(info[1]), octets_of(info[2]));
  }
  void end_record(const Napi::CallbackInfo& info) { streams_->end_record(zone_of(info[0]), number_of(info[1])); }
  Napi::Value position(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), streams_->position(zone_of(info[0]), number_of(info[1])));
  }
  void end(const Napi::CallbackInfo& info) { streams_->end(zone_of(info[0]), number_of(info[1])); }
  Napi::Value text_was_cut(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), streams_->text_was_cut());
  }
  Napi::Value matches_were_cut(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), streams_->matches_were_cut());
  }
  Napi::Value finish(const Napi::CallbackInfo& info) {
    Output output;
    streams_->finish(output);
    Napi::Object tables = Napi::Object::New(info.Env());
    tables.Set("texts", table_of(info.Env(), output.texts));
    std::string text;
    for (const std::string& zone : output.zones) text.append(zone);
    tables.Set("text", Napi::Buffer<char>::Copy(info.Env(), text.data(), text.size()));
    tables.Set("matches", table_of(info.Env(), output.matches));
    return tables;
  }
  void reset(const Napi::CallbackInfo&) { streams_->reset(); }

  /// (zone, text, piece, record, rounds) → seconds for writing all of it so often, in pieces and records of so many octets.
  Napi::Value time(const Napi::CallbackInfo& info) {
    const Zone zone = zone_of(info[0]);
    const std::string_view text = octets_of(info[1]);
    const std::size_t piece = number_of(info[2]);
    const std::size_t record = number_of(info[3]);
    const std::uint32_t rounds = number_of(info[4]);
    Output output;
    const double start = processor_seconds();
    for (std::uint32_t round = 0; round < rounds; ++round) {
      for (std::size_t at = 0; at < text.size(); at += record) {
        const std::string_view whole = text.substr(at, record);
        for (std::size_t from = 0; from < whole.size(); from += piece) streams_->write(zone, 0, whole.substr(from, piece));
        streams_->end_record(zone, 0);
      }
      streams_->finish(output);
      streams_->reset();
    }
    return Napi::Number::New(info.Env(), processor_seconds() - start);
  }

  ScratchSpace scratch_;
  std::unique_ptr<ZoneStreams> streams_;
};

int count_match(unsigned int, unsigned long long, unsigned long long, unsigned int, void* count) {
  ++*static_cast<std::uint64_t*>(count);
  return 0;
}

/// (database, zone number, text, piece, rounds) → { seconds, matches }: hs_scan_stream and nothing else.
Napi::Value time_naked(const Napi::CallbackInfo& info) {
  const Shared& database = shared_of(info[0]);
  const hs_database_t* naked = database->of(static_cast<Zone>(number_of(info[1])));
  const std::string_view text = octets_of(info[2]);
  const std::size_t piece = number_of(info[3]);
  ScratchSpace scratch;
  scratch.fit(database);
  hs_stream_t* stream = nullptr;
  hs_open_stream(naked, 0, &stream);
  std::uint64_t matches = 0;
  const double start = processor_seconds();
  for (std::uint32_t round = number_of(info[4]); round > 0; --round) {
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const std::string_view chunk = text.substr(at, piece);
      hs_scan_stream(stream, chunk.data(), static_cast<unsigned>(chunk.size()), 0, scratch.get(), count_match, &matches);
    }
    hs_reset_stream(stream, 0, scratch.get(), count_match, &matches);
  }
  const double seconds = processor_seconds() - start;
  hs_close_stream(stream, nullptr, nullptr, nullptr);
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("seconds", seconds);
  object.Set("matches", static_cast<double>(matches));
  return object;
}

/// (first, behind the last) → the case class of each code point, and for each whether it stands in words.
Napi::Value characters(const Napi::CallbackInfo& info) {
  const std::uint32_t first = number_of(info[0]);
  const std::uint32_t last = number_of(info[1]);
  auto table = Napi::Uint32Array::New(info.Env(), (last - first) * std::size_t{2});
  for (std::uint32_t point = first; point < last; ++point) {
    std::string text;
    utf8_append(text, point);
    table[(point - first) * std::size_t{2}] = case_class(point);
    table[(point - first) * std::size_t{2} + 1] = word_begins(text) == WordSide::Yes ? 1 : 0;
  }
  return table;
}

}  // namespace

void register_matching(Napi::Env env, Napi::Object exports) {
  Napi::Object matching = Napi::Object::New(env);
  matching.Set("compile", Napi::Function::New<compile>(env));
  matching.Set("inspect", Napi::Function::New<inspect>(env));
  matching.Set("foreignImage", Napi::Function::New<foreign_image>(env));
  matching.Set("platform", Napi::Function::New<platform>(env));
  matching.Set("load", Napi::Function::New<load>(env));
  matching.Set("release", Napi::Function::New<release>(env));
  matching.Set("describe", Napi::Function::New<describe>(env));
  matching.Set("timeNaked", Napi::Function::New<time_naked>(env));
  matching.Set("characters", Napi::Function::New<characters>(env));
  matching.Set("ZoneStreams", Streams::define(env));
  exports.Set("matching", matching);
}

}  // namespace sluice
