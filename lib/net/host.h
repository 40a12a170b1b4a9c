// Judges a host by its text: no name is looked up.
//
// Shape:   hosts without brackets; an IPv6 zone follows a single % ("fe80::1%eth0").
// Source:  RFC 3986 3.2.2, RFC 4291, RFC 6874 (%25 before the zone in an address), RFC 6761 (localhost), RFC
//          1918, RFC 4193.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hail::net {

// Parses the IPv6 literal between the brackets of an address; "%25" before the zone counts as "%". Nothing if
// it is not valid.
std::optional<std::string> parse_ipv6(std::string_view text);

// True for a host that cannot be public: localhost and names below it, a single label, a private, loopback or
// link-local literal.
bool is_near(std::string_view host);

// True for localhost and names below it, and for the literals of 127.0.0.0/8 and ::1: what is sent to
// them stays on this machine.
bool is_loopback(std::string_view host);

// The host as an address contains it: an IPv6 literal in brackets, with its zone after %25.
std::string bracketed(const std::string& host);

}  // namespace hail::net
