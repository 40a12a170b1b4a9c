#include "lib/http/resolve.h"

#include <doctest/doctest.h>

#include <fstream>

#include "lib/base/error.h"

using namespace hail;

namespace {

std::string unescape(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.compare(at, 2, "\\x") == 0) {
            out += static_cast<char>(std::stoi(text.substr(at + 2, 2), nullptr, 16));
            at += 3;
        } else {
            out += text[at];
        }
    }
    return out;
}

std::string resolved(const std::string& base, const std::string& reference) {
    try {
        return http::resolve(base, reference);
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_reply);
        return std::string("error: ") + error.what();
    }
}

}  // namespace

TEST_CASE("resolve: every line of the table holds") {
    std::ifstream file(HAIL_DATA "/resolve.cases");
    std::string line;
    int count = 0;
    while (std::getline(file, line)) {
        if (line.empty() || line.starts_with("#")) {
            continue;
        }
        CAPTURE(line);
        const auto open = line.find(" \"");
        const auto close = line.find("\" => ");
        REQUIRE(open < close);
        REQUIRE(close != std::string::npos);
        const std::string result =
            resolved(line.substr(0, open), unescape(line.substr(open + 2, close - open - 2)));
        const std::string expected = line.substr(close + 5);
        if (expected.starts_with("error: ")) {
            CHECK(result.starts_with("error: "));
            CHECK(result.find(expected.substr(7)) != std::string::npos);
        } else {
            CHECK(result == expected);
        }
        ++count;
    }
    CHECK(count > 40);
}

TEST_CASE("resolve: an origin is scheme, host and port") {
    CHECK(http::same_origin("http://h/a", "http://H:80/b?c"));
    CHECK(http::same_origin("https://h", "https://h:443/"));
    CHECK_FALSE(http::same_origin("http://h/", "https://h/"));
    CHECK_FALSE(http::same_origin("http://h/", "http://h:8080/"));
    CHECK_FALSE(http::same_origin("http://h/", "http://www.h/"));
    CHECK_FALSE(http::same_origin("http://h/", "http://h./"));
    CHECK(http::origin("https://h:8443/a?b") == "https://h:8443");
}
