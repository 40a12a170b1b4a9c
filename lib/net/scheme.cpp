#include "lib/net/scheme.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"

namespace hail::net {

namespace {

// The first six are the schemes themselves; two are Redis on a unix socket; Valkey is a
// Redis by another name.
constexpr std::array<SchemeInfo, 10> schemes{{{"http", Scheme::http, Family::http, 80},
                                              {"https", Scheme::https, Family::http, 443},
                                              {"redis", Scheme::redis, Family::broker, 6379},
                                              {"rediss", Scheme::rediss, Family::broker, 6379},
                                              {"amqp", Scheme::amqp, Family::broker, 5672},
                                              {"amqps", Scheme::amqps, Family::broker, 5671},
                                              {"redis+unix", Scheme::redis, Family::broker, 6379},
                                              {"unix", Scheme::redis, Family::broker, 6379},
                                              {"valkey", Scheme::redis, Family::broker, 6379},
                                              {"valkeys", Scheme::rediss, Family::broker, 6379}}};

}  // namespace

std::string_view name(Scheme scheme) {
    return schemes.at(static_cast<std::size_t>(scheme)).name;
}

bool is_tls(Scheme scheme) {
    return scheme == Scheme::https || scheme == Scheme::rediss || scheme == Scheme::amqps;
}

std::uint16_t default_port(Scheme scheme) {
    return schemes.at(static_cast<std::size_t>(scheme)).port;
}

const SchemeInfo* find_scheme(std::string_view name) {
    const auto found = std::find_if(schemes.begin(), schemes.end(), [&](const SchemeInfo& info) {
        return base::equal_ignoring_case(info.name, name);
    });
    return found == schemes.end() ? nullptr : &*found;
}

bool is_socket_scheme(const SchemeInfo& info) {
    return info.name == "redis+unix" || info.name == "unix";
}

std::string allowed_schemes(Family family) {
    return family == Family::http ? "http, https"
                                  : "redis, rediss, valkey, valkeys, redis+unix, unix, amqp, amqps";
}

}  // namespace hail::net
