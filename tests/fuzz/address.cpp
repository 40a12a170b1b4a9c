#include "lib/net/address.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// Every address that parses is printed as text that parses to the same parts; any other is a usage error.

using namespace hail;

namespace {

void check(std::string_view text, const net::AddressRules& rules) {
    net::Address first;
    try {
        first = net::parse_address(text, rules);
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::usage && !error.hint().empty());
        return;
    }
    const std::string shown = net::display(first);
    const net::Address second = net::parse_address(shown, rules);
    require(first.scheme == second.scheme && first.host == second.host && first.port == second.port);
    require(first.path == second.path && first.query == second.query &&
            first.unix_socket == second.unix_socket);
    require(first.user == second.user && first.password.has_value() == second.password.has_value());
    require(net::display(second) == shown && first.port != 0 && !first.host.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check(text, {.family = net::AddressRules::Family::http, .default_scheme = {}});
    check(text, {.family = net::AddressRules::Family::broker, .default_scheme = {}});
    return 0;
}
