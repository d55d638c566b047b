// The host of a link, and whether two of them belong together.
//
// Leaves out: the list of public suffixes. One host is the other's when they are equal or one lies below the other.
#pragma once
#include <string_view>

namespace sluice::text {

/// The host of a URL as it is written: with a scheme, with `//`, or bare. Empty when there is none.
std::string_view host_of(std::string_view url);

/// The host that a reader takes for the target of a link with this text: that of the first URL in it, or the whole text when
/// it is a domain. Empty when the text speaks of none.
std::string_view host_shown(std::string_view text);

/// False when both are known and neither lies below the other. A host in Unicode and one in Punycode are not compared.
bool may_be_same_site(std::string_view a, std::string_view b);

}  // namespace sluice::text
