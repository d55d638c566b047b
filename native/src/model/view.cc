#include "model/view.h"

#include <algorithm>

namespace sluice {

namespace {

/// Delivery reports, abuse reports, returned headers (RFC 3464, RFC 5965, RFC 6522): what somebody else said.
bool is_report(std::string_view type) {
  return type.starts_with("message/") || type == "text/rfc822-headers";
}

}  // namespace

std::string_view MessageView::slice(std::string_view whole, std::uint32_t start, std::uint32_t end) {
  const std::size_t last = std::min<std::size_t>(end, whole.size());
  return start < last ? whole.substr(start, last - start) : std::string_view();
}

std::string_view MessageView::text(std::uint32_t part, Zone zone) const {
  if (part >= texts_.size()) return {};
  const Span span = texts_[part][static_cast<std::size_t>(zone)];
  return slice(output_->text, span.start, span.end);
}

std::string_view MessageView::record(std::uint32_t part, Zone zone, std::uint32_t start,
                                     std::uint32_t end) const {
  return slice(text(part, zone), start, end);
}

std::string_view MessageView::type(std::uint32_t part) const {
  const PartRow& row = output_->parts[part];
  return string(row.type_start, row.type_end);
}

bool MessageView::own_words() const {
  return std::any_of(output_->texts.begin(), output_->texts.end(), [this](const TextRow& row) {
    return row.zone == static_cast<std::uint32_t>(Zone::Text) && row.words > 0 && says(row.part);
  });
}

void MessageView::look_at(const Output& output, bool carried) {
  output_ = &output;
  const std::size_t count = output.parts.size();
  own_.assign(count, 1);
  says_.assign(count, 1);
  texts_.assign(count, {});
  carries_ = says_nothing_ = false;
  for (const TextRow& row : output.texts)
    if (row.part < count && row.zone < zone_count)
      texts_[row.part][row.zone] = {row.kept_start, row.kept_end};
  for (std::uint32_t part = 0; part < count; ++part) {
    const std::uint32_t parent = output.parts[part].parent;
    const bool inside = parent < part;
    const bool in_message =
        inside && output.parts[parent].kind == static_cast<std::uint32_t>(PartKind::Message);
    own_[part] = !in_message && (!inside || own(parent)) ? 1 : 0;
    says_[part] = own(part) && !is_report(type(part)) ? 1 : 0;
    carries_ = carries_ || !says(part);
  }
  if (!carries_) return;
  says_nothing_ = !own_words();
  if (!carried && !says_nothing_) return;
  own_.assign(count, 1);
  says_.assign(count, 1);
}

}  // namespace sluice
