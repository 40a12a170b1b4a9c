#include "cli/options/broker.h"

#include <cstdlib>

#include "lib/net/curl.h"

namespace hail::cli::options {

pubsub::Broker broker(const std::string& address, const Connection& connection, const Ask& ask) {
    const net::AddressRules rules{.family = net::AddressRules::Family::broker,
                                  .default_scheme = connection.default_scheme};
    pubsub::Broker result{net::parse_address(address, rules),
                          connect_options(connection),
                          {connection.retries, connection.retry_time}};
    const net::LoginOptions given = login(connection, result.address, ask).credentials;
    if (given.user) {
        result.address.user = given.user;
    }
    if (given.user || (given.password && !result.address.password)) {
        result.address.password = given.password;
    }
    if (!result.connect.proxy) {
        for (const char* name : {"all_proxy", "ALL_PROXY"}) {
            const char* const value = std::getenv(name);
            if (value != nullptr && !result.connect.proxy) {
                result.connect.proxy = value;
            }
        }
    }
    if (!net::is_tls(result.address.scheme) && result.connect.proxy.value_or("").empty()) {
        net::init_openssl_without_config();
    }
    return result;
}

}  // namespace hail::cli::options
