// Charsets to UTF-8, through ICU.
//
// Promises: labels are those of https://encoding.spec.whatwg.org/#names-and-labels and UTF-7; the output is valid UTF-8;
// what the charset does not have becomes U+FFFD and raises charset-broken; a byte order mark is dropped; linear.
// Leaves out: guessing. Who has no label asks for what the caller thinks best.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "flag.h"
#include "sink.h"

namespace sluice {

bool is_known_charset(std::string_view label);

/// A sink that decodes into `utf8` (and ends it). An unknown label is read as windows-1252 and raises charset-unknown;
/// an empty one or us-ascii: UTF-8 when the octets are that, else windows-1252 — decided per run of octets between line ends,
/// at most 1 KiB long — and charset-missing is raised at the first octet above 127.
std::unique_ptr<Sink> make_charset_decoder(std::string_view label, Sink& utf8, Faults& faults);

/// For short texts: header fields, encoded words, file names. False when something became U+FFFD or the label is unknown.
bool decode_charset(std::string_view label, std::string_view octets, std::string& utf8);

}  // namespace sluice
