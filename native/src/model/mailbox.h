// Addresses and domains as features see them: a quick look at what most mail has, no grammar (that is
// src/mail/address.ts).
//
// Promises: linear; the same for src/scanner/features/mailbox.ts.
#pragma once
#include <cstddef>
#include <string_view>

#include "model/shapes.h"
#include "model/view.h"

namespace sluice {

/// Octets of a field that are looked at.
inline constexpr std::size_t field_reach = 2'048;

struct Mailbox {
  std::string_view name;
  std::string_view local;
  std::string_view domain;
};

Mailbox read_mailbox(std::string_view text);

/// Splits at the last `@`; without one all is local.
Mailbox read_address(std::string_view address);

/// The text of a field, as far as it is looked at.
std::string_view field_text(const MessageView& view, const FieldRow& field);

/// Of the first From of the message; empty when there is none.
Lowered sender_domain(const MessageView& view);

/// The same domain, or one below the other.
bool is_related(std::string_view one, std::string_view other);

/// Calls `take` with the last label, the last two, the last three, and the whole of a lower-case domain.
template <typename Take>
void each_suffix(std::string_view domain, Take take) {
  std::size_t at = domain.size();
  for (int labels = 0; labels < 3 && at != 0; ++labels) {
    const std::size_t dot = domain.rfind('.', at - 1);
    if (dot == domain.npos) break;
    take(domain.substr(dot + 1));
    at = dot;
  }
  take(domain);
}

}  // namespace sluice
