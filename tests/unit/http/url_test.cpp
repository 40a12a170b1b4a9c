#include "lib/http/url.h"

#include <doctest/doctest.h>

using namespace hail;

namespace {

std::string url(std::string_view address, const std::vector<http::Pair>& query = {}) {
    return http::make_url(net::parse_address(address, {}), query);
}

}  // namespace

TEST_CASE("url: UTF-8 and illegal characters are percent-encoded with capital digits") {
    CHECK(url("localhost/a\"b/ü?q=é|x") == "http://localhost/a%22b/%C3%BC?q=%C3%A9%7Cx");
}

TEST_CASE("url: existing escapes stay, and a lone percent sign is encoded") {
    CHECK(url("localhost/%2F%zz%4") == "http://localhost/%2F%25zz%254");
}

TEST_CASE("url: dot segments and double slashes stay as typed") {
    CHECK(url("localhost/a/../b//c") == "http://localhost/a/../b//c");
}

TEST_CASE("url: query pairs are appended to an existing query, form-style") {
    CHECK(url("localhost/x?q=1", {{"a", "1 2&3"}}) == "http://localhost/x?q=1&a=1+2%263");
    CHECK(url("localhost/x", {{"a", ""}, {"b", "ü"}}) == "http://localhost/x?a=&b=%C3%BC");
    CHECK(url("localhost/x", {{"a", "1"}, {"a", "2"}}) == "http://localhost/x?a=1&a=2");
}

TEST_CASE("url: the default port of the scheme is left out") {
    CHECK(url("http://localhost:80/") == "http://localhost/");
    CHECK(url("https://localhost:443/") == "https://localhost/");
    CHECK(url("https://localhost:80/") == "https://localhost:80/");
}

TEST_CASE("url: an IPv6 address keeps its brackets, and a zone stays out of the Host line") {
    CHECK(url("http://[::1]:8080/x") == "http://[::1]:8080/x");
    CHECK(http::host_header("http://[fe80::1%25eth0]:8080/x") == "[fe80::1]:8080");
}

TEST_CASE("url: the host line and the request target are parts of the URL") {
    CHECK(http::host_header("http://localhost:81/x?y") == "localhost:81");
    CHECK(http::request_target("http://localhost:81/x?y=/") == "/x?y=/");
    CHECK(http::request_target("http://localhost:81") == "/");
}
