// The four groups, each in a file of its name: what they add to the features of a message.
//
// Promises: each adds in the order in which its file stands; src/scanner/features/ has the same files.
#pragma once
#include "model/collector.h"
#include "model/view.h"
#include "model/words.h"

namespace sluice {

/// Words of what a reader sees, and pairs of them. Returns what was counted on the way.
TextTally add_body(const MessageView& view, const FeatureOptions& options, Collector& collector);
/// Fields that the sender's side writes, by an allow-list: what servers on the way add tells the archive from
/// which a learner got a message, not what it is.
void add_header(const MessageView& view, Collector& collector);
void add_urls(const MessageView& view, Collector& collector);
void add_structure(const MessageView& view, const TextTally& tally, Collector& collector);

}  // namespace sluice
