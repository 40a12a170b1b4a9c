// The address of a service: [scheme://][user[:password]@]host[:port][/path][?query], and its shorthands.
//
// Shape:   host without brackets, an IPv6 zone kept ("fe80::1%eth0"); path as typed, including spaces,
//          either "" or beginning with '/'; query without '?'; a fragment is dropped. user and password are
//          percent-decoded; the last @ before the path ends them.
// Throws:  Error(usage) that quotes the address (password masked) and says what to write instead.
// Source:  RFC 3986; the shorthands :port/path and :/path are HTTPie's; redis: the IANA provisional scheme
//          "redis" and redis+unix as in hail(1), ADDRESS; amqp: the RabbitMQ URI specification.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/net/scheme.h"

namespace hail::net {

struct Address {
    Scheme scheme = Scheme::http;
    std::optional<std::string> user;
    std::optional<std::string> password;
    std::string host;
    std::uint16_t port = 0;  // as typed, else the default of the scheme: never 0 after parsing
    std::string path;
    std::string query;
    std::string unix_socket;  // the path of redis+unix:// and unix://, else empty
};

// The schemes that an address may have, and the default one.
struct AddressRules {
    using Family = net::Family;
    Family family = Family::http;
    std::string default_scheme;  // from --default-scheme; empty: http or https by the host, or redis
};

Address parse_address(std::string_view text, const AddressRules& rules);

// For messages and logs: masks the password and omits a default port.
std::string display(const Address& address);

// The database number of a Redis address (/N or ?db=N), 0 if none.
std::uint64_t redis_database(const Address& address);

}  // namespace hail::net
