// The schemes of addresses: the protocol, transport and default port of each.
//
// Source:  the IANA registry of URI schemes; redis+unix as in hail(1), ADDRESS.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hail::net {

enum class Scheme { http, https, redis, rediss, amqp, amqps };
enum class Family { http, broker };

std::string_view name(Scheme scheme);
bool is_tls(Scheme scheme);
std::uint16_t default_port(Scheme scheme);

// A name that an address may begin with: two of them are Redis on a unix socket.
struct SchemeInfo {
    std::string_view name;
    Scheme scheme;
    Family family;
    std::uint16_t port;
};

// Finds a scheme, ignoring case; nullptr if it does not exist.
const SchemeInfo* find_scheme(std::string_view name);

bool is_socket_scheme(const SchemeInfo& info);

// For messages: "http, https".
std::string allowed_schemes(Family family);

}  // namespace hail::net
