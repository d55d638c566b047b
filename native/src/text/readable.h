// From UTF-8 to what a reader sees: plain text and HTML become the zones `text` and `hidden`, and links are found on the way.
//
// Promises: linear; memory bounded whatever the markup; valid UTF-8 in, valid UTF-8 out; results do not depend on the cuts.
// White space: a run of it (Unicode White_Space) becomes one space, or one LF when the run has two or more line ends (plain
// text; in HTML those are `<br>`) or lies between blocks (HTML); none at the beginning or end of the zone. CR LF is one line
// end, U+2029 is two. Characters without width (C0 and C1 controls and U+007F that are no white space, U+00AD, U+034F, U+061C,
// U+115F, U+1160, U+17B4, U+17B5, U+180B–E, U+200B–F, U+202A–E, U+2060–F, U+3164, U+FE00–F, U+FEFF, U+FFA0, U+E0000–E0FFF)
// are dropped and raise invisible.
// What is visible and what is a link: html_reader.cc, link_syntax.h, markup_links.h.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "flag.h"
#include "layout.h"
#include "sink.h"

namespace sluice {

/// Where the readable goes. Pieces come in reading order; `visible` and `hidden` are two streams.
class Readable {
 public:
  virtual ~Readable() = default;
  virtual void visible(std::string_view piece) = 0;
  virtual void hidden(std::string_view piece) = 0;
  /// A whole link, cut at the limit; `zone` is Url or Address.
  virtual void link(Zone zone, LinkOrigin origin, std::string_view text) = 0;
};

/// Sinks for decoded UTF-8 of one part. Their `end` flushes what they hold; it ends nothing else.
std::unique_ptr<Sink> make_plain_reader(Readable& readable, Faults& faults, std::uint32_t link_limit);
std::unique_ptr<Sink> make_html_reader(Readable& readable, Faults& faults, std::uint32_t link_limit);

}  // namespace sluice
