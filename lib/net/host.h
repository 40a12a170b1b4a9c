// Facts about a host as text: no name is looked up.
//
// Shape:   hosts without brackets; an IPv6 zone follows a single % ("fe80::1%eth0").
// Source:  RFC 3986 3.2.2, RFC 4291, RFC 6874 (%25 before the zone in an address), RFC 6761 (localhost), RFC
//          1918, RFC 4193.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hail::net {

// An IPv6 literal as it stands between brackets, "%25" before the zone accepted as "%"; none if it is not
// one.
std::optional<std::string> parse_ipv6(std::string_view text);

// A name that cannot be a public one: localhost and below, a single label, a private, loopback or link-local
// literal.
bool is_near(std::string_view host);

// The host as it stands in an address: an IPv6 literal in brackets with its zone behind %25.
std::string bracketed(const std::string& host);

}  // namespace hail::net
