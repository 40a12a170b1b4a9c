#include "lib/net/netrc.h"

#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// A search for a login finds that login or nothing; a file that cannot be parsed is an error.

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    try {
        const auto any = net::find_netrc(text, "h");
        require(!any || any->login || any->password);
        const auto asked = net::find_netrc(text, "h", "a");
        require(!asked || (any && asked->login == "a"));
        const auto other = net::find_netrc("machine h login x password y\nmachine z\n" + text, "h", "x");
        require(other == net::Netrc{"x", "y"});
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_input && !error.hint().empty());
    }
    return 0;
}
