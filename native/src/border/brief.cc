#include "border/brief.h"

#include <string>

#include "flag.h"

namespace sluice {

static_assert(sizeof flag_names / sizeof *flag_names <= 64, "flags fit the two words that a brief has for them");

Brief brief_argument(napi_env env, napi_value value) {
  napi_typedarray_type type{};
  std::size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint32_array || length != brief_width)
    throw Napi::TypeError::New(env, "a brief is a Uint32Array of " + std::to_string(brief_width));
  return Brief(static_cast<std::uint32_t*>(data), brief_width);
}

void write_brief(const Output& output, Brief brief) {
  std::uint64_t flags = 0;
  for (const FlagRow& row : output.flags) flags |= std::uint64_t{1} << row.flag;
  brief[0] = static_cast<std::uint32_t>(output.size);
  brief[1] = static_cast<std::uint32_t>(output.size >> 32);
  brief[2] = static_cast<std::uint32_t>(output.parts.size());
  brief[3] = static_cast<std::uint32_t>(flags);
  brief[4] = static_cast<std::uint32_t>(flags >> 32);
}

}  // namespace sluice
