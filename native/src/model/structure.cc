#include <algorithm>

#include "flag.h"
#include "model/groups.h"
#include "model/shapes.h"

namespace sluice {

namespace {

constexpr FeatureGroup group = FeatureGroup::Structure;

/// First hash of Size, Count and Ratio. Numbers seed the hashes, as those of Kind.
enum Measure : std::uint32_t {
  message_size,
  visible_size,
  hidden_size,
  source_size,
  parts,
  words,
  links,
  urls_of_text,
  urls_of_markup,
  addresses,
  images,
  files,
  hidden_to_visible,
  source_to_visible,
  links_to_words,
  capitals_to_words,
  numbers_to_words,
  exclamations_to_words,
  symbols_to_words,
  currencies,
  disguised,
  mixed,
  overlong,
};

enum MessageForm : std::uint32_t { carries, says_nothing, image_alone, link_alone, html_alone };

constexpr std::uint64_t few_words = 20;

class StructureFeatures {
 public:
  StructureFeatures(const MessageView& view, const TextTally& tally, Collector& collector)
      : view_(view), tally_(tally), collector_(collector) {}

  void add() {
    const Output& output = view_.output();
    const auto count = static_cast<std::uint32_t>(output.parts.size());
    for (std::uint32_t part = 0; part < count; ++part)
      if (view_.own(part)) add_part(part, output.parts[part]);
    for (const TextRow& row : output.texts)
      if (view_.says(row.part)) add_text(row);
    for (const LinkRow& row : output.links)
      if (view_.says(row.part)) count_link(row);
    for (const FlagRow& row : output.flags)
      if (view_.own(row.part)) add_feature(Kind::FlagRaised, row.flag, row.part == 0 ? 0 : 1);
    add_measures();
    add_forms();
  }

 private:
  void add_feature(Kind kind, std::uint32_t first, std::uint32_t second = 0) {
    collector_.add(group, kind, first, second);
  }

  void add_part(std::uint32_t part, const PartRow& row) {
    const std::string_view type = view_.type(part);
    const std::uint32_t type_hash = hash_of(type);
    const std::uint32_t around = row.parent < part ? hash_of(view_.type(row.parent)) : 0;
    const std::string_view name = view_.string(row.filename_start, row.filename_end);
    add_feature(Kind::PartForm, row.kind, row.encoding * 16 + row.disposition);
    add_feature(Kind::PartType, type_hash);
    add_feature(Kind::PartEncoding, type_hash, row.encoding);
    add_feature(Kind::PartNesting, around, type_hash);
    add_feature(Kind::PartCharset, hash_of(view_.string(row.charset_start, row.charset_end)));
    add_feature(Kind::PartSize, row.kind, bin_of(row.decoded_size));
    ++parts_;
    if (row.kind == static_cast<std::uint32_t>(PartKind::Text)) plain_ = true;
    if (row.kind == static_cast<std::uint32_t>(PartKind::Html)) html_ = true;
    if (type.starts_with("image/")) ++images_;
    if (!name.empty()) add_file(name);
  }

  void add_file(std::string_view name) {
    ++files_;
    const Lowered lowered(name.substr(name.size() - std::min<std::size_t>(name.size(), 64)));
    const std::string_view tail = lowered.text();
    const std::size_t dot = tail.rfind('.');
    const std::string_view suffix = dot == tail.npos ? std::string_view() : tail.substr(dot);
    const std::size_t inner = dot == tail.npos || dot == 0 ? tail.npos : tail.rfind('.', dot - 1);
    add_feature(Kind::FileSuffix, hash_of(suffix), inner == tail.npos ? 0 : hash_of(tail.substr(inner)));
    add_feature(Kind::FileShape, Shape(name.substr(0, 255)).hash());
  }

  void add_text(const TextRow& row) {
    if (row.zone == static_cast<std::uint32_t>(Zone::Text)) {
      visible_ += row.size;
      words_ += row.words;
    } else if (row.zone == static_cast<std::uint32_t>(Zone::Hidden)) {
      hidden_ += row.size;
    } else if (row.zone == static_cast<std::uint32_t>(Zone::Source)) {
      source_ += row.size;
    }
  }

  void count_link(const LinkRow& row) {
    if (row.zone == static_cast<std::uint32_t>(Zone::Address))
      ++addresses_;
    else if (row.origin == static_cast<std::uint32_t>(LinkOrigin::Text))
      ++links_of_text_;
    else
      ++links_of_markup_;
  }

  void size(Measure what, std::uint64_t octets) { add_feature(Kind::Size, what, bin_of(octets)); }
  void count(Measure what, std::uint64_t number) { add_feature(Kind::Count, what, bin_of(number)); }
  void ratio(Measure what, std::uint64_t part, std::uint64_t whole) {
    add_feature(Kind::Ratio, what, ratio_of(part, whole));
  }

  void add_measures() {
    const std::uint64_t all_links = links_of_text_ + links_of_markup_;
    size(message_size, view_.output().size);
    size(visible_size, visible_);
    size(hidden_size, hidden_);
    size(source_size, source_);
    count(parts, parts_);
    count(words, words_);
    count(links, all_links);
    count(urls_of_text, links_of_text_);
    count(urls_of_markup, links_of_markup_);
    count(addresses, addresses_);
    count(images, images_);
    count(files, files_);
    ratio(hidden_to_visible, hidden_, visible_);
    ratio(source_to_visible, source_, visible_);
    ratio(links_to_words, all_links, words_);
    ratio(capitals_to_words, tally_.capitals, tally_.words);
    ratio(numbers_to_words, tally_.numbers, tally_.words);
    ratio(exclamations_to_words, tally_.exclamations, tally_.words);
    ratio(symbols_to_words, tally_.symbols, tally_.words);
    count(currencies, tally_.currencies);
    count(disguised, tally_.disguised);
    count(mixed, tally_.mixed);
    count(overlong, tally_.overlong);
    for (std::uint32_t script = 0; script < script_count; ++script)
      if (tally_.scripts[script] > 0)
        add_feature(Kind::Script, script, ratio_of(tally_.scripts[script], tally_.words));
  }

  void add_forms() {
    const std::uint64_t all_links = links_of_text_ + links_of_markup_;
    const auto form = [&](MessageForm name, bool holds) {
      if (holds) add_feature(Kind::Form, name);
    };
    form(carries, view_.carries());
    form(says_nothing, view_.says_nothing());
    form(image_alone, images_ > 0 && words_ < few_words);
    form(link_alone, all_links > 0 && words_ < few_words);
    form(html_alone, html_ && !plain_);
  }

  const MessageView& view_;
  const TextTally& tally_;
  Collector& collector_;
  std::uint64_t visible_ = 0;
  std::uint64_t hidden_ = 0;
  std::uint64_t source_ = 0;
  std::uint64_t words_ = 0;
  std::uint64_t parts_ = 0;
  std::uint64_t images_ = 0;
  std::uint64_t files_ = 0;
  std::uint64_t addresses_ = 0;
  std::uint64_t links_of_text_ = 0;
  std::uint64_t links_of_markup_ = 0;
  bool plain_ = false;
  bool html_ = false;
};

}  // namespace

void add_structure(const MessageView& view, const TextTally& tally, Collector& collector) {
  StructureFeatures(view, tally, collector).add();
}

}  // namespace sluice
