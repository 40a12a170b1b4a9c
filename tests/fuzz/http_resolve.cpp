#include "lib/http/resolve.h"

#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// Every resolved reference is an absolute http URL of plain characters, and resolves to itself from any base.

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    for (const char* base : {"http://a/b/c?q", "https://[::1]:8443/x/../y"}) {
        std::string url;
        try {
            url = http::resolve(base, text);
        } catch (const base::Error& error) {
            require(error.exit() == base::Exit::bad_reply);
            continue;
        }
        require(url.starts_with("http://") || url.starts_with("https://"));
        require(url.find('#') == url.npos && url.find(' ') == url.npos);
        require(url.find('/', url.find("://") + 3) != url.npos);
        require(http::resolve("http://elsewhere/", url) == url && http::same_origin(url, url));
        require(http::resolve(url, "") == url);
    }
    return 0;
}
