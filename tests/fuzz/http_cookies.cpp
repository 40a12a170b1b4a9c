#include "lib/http/cookies.h"

#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// A cookie is sent only to the server that set it, cannot break a header, and is unchanged after saving and
// loading.

using namespace hail;

namespace {

void check_line(const std::string& line) {
    const http::Time now{std::chrono::seconds(1'790'000'000)};
    for (const char* url : {"http://www.example.org/x/y", "https://127.0.0.1:8443/", "https://[::1]/"}) {
        http::CookieJar jar;
        jar.receive(line, url, now);
        const std::string header = jar.header(url, now);
        require(header.find_first_of(std::string_view("\r\n\0", 3)) == header.npos);
        require(jar.header("https://elsewhere.net/x/y", now).empty() &&
                jar.header("https://org/x/y", now).empty());
        const std::string file = jar.write(now);
        http::CookieJar copy;
        copy.read(file);
        require(copy.write(now) == file);
    }
}

void check_file(const std::string& text) {
    http::CookieJar jar;
    try {
        jar.read(text);
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_input);
        return;
    }
    http::CookieJar copy;
    copy.read(jar.write(http::Time{}));
    require(copy.write(http::Time{}) == jar.write(http::Time{}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check_line(text);
    check_file(text);
    http::merge_cookies(text, "a=b; c=d");
    return 0;
}
