#include "model/mailbox.h"

namespace sluice {

Mailbox read_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return {{}, address, {}};
  return {{}, address.substr(0, at), address.substr(at + 1)};
}

Mailbox read_mailbox(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open != text.npos) {
    const std::string_view rest = text.substr(open + 1);
    Mailbox mailbox = read_address(trimmed(rest.substr(0, rest.find('>'))));
    mailbox.name = trimmed(text.substr(0, open));
    return mailbox;
  }
  // The old form: address (name).
  const std::size_t comment = text.find('(');
  if (comment == text.npos) return read_address(trimmed(text));
  Mailbox mailbox = read_address(trimmed(text.substr(0, comment)));
  const std::string_view rest = text.substr(comment + 1);
  mailbox.name = trimmed(rest.substr(0, rest.find(')')));
  return mailbox;
}

std::string_view field_text(const MessageView& view, const FieldRow& field) {
  return view.record(field.part, Zone::Header, field.text_start, field.text_end).substr(0, field_reach);
}

Lowered sender_domain(const MessageView& view) {
  const Output& output = view.output();
  for (const FieldRow& field : output.fields)
    if (field.part == 0 && view.string(field.name_start, field.name_end) == "from")
      return Lowered(read_mailbox(field_text(view, field)).domain);
  return Lowered({});
}

bool is_related(std::string_view one, std::string_view other) {
  if (one.size() < other.size()) return is_related(other, one);
  if (other.empty() || !one.ends_with(other)) return false;
  return one.size() == other.size() || one[one.size() - other.size() - 1] == '.';
}

}  // namespace sluice
