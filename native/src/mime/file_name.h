// Names of files that deceive a reader or a program.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "matching/zone_streams.h"

namespace sluice {

/// Of a longer name the end is kept: that is where its type stands.
inline constexpr std::size_t longest_file_name = 4'096;

/// Whether a name in UTF-8 has control characters, characters without width, bidirectional controls, a path, or white space
/// or dots where systems drop them: at its end.
bool has_odd_characters(std::string_view name);

/// The record of a part in zone filename; none for a part without a name.
void write_file_name(ZoneStreams& zones, std::uint32_t part, std::string_view name);

}  // namespace sluice
