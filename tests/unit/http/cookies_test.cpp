#include "lib/http/cookies.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"

using namespace hail;
using http::CookieJar;
using http::merge_cookies;

namespace {

const http::Time now{std::chrono::seconds(1'790'000'000)};

// The Cookie header for the second URL after the first one set the cookie.
std::string sent(const std::string& line, const std::string& from, const std::string& to) {
    CookieJar jar;
    jar.receive(line, from, now);
    return jar.header(to, now);
}

}  // namespace

TEST_CASE("cookies: a cookie without a Domain is sent only to its host") {
    CHECK(sent("a=b", "http://h.example/", "http://H.example/x") == "a=b");
    CHECK(sent("a=b", "http://h.example/", "http://h.example:8080/") == "a=b");
    CHECK(sent("a=b", "http://h.example/", "http://www.h.example/").empty());
    CHECK(sent("a=b", "http://h.example/", "http://example/").empty());
}

TEST_CASE("cookies: a public suffix gets none, but the host that is one may have its own") {
    CHECK(sent("a=b; Domain=co.uk", "http://evil.co.uk/", "http://bank.co.uk/").empty());
    CHECK(sent("a=b; Domain=.github.io", "https://evil.github.io/", "https://x.github.io/").empty());
    CHECK(sent("a=b; Domain=co.uk.", "http://evil.co.uk./", "http://bank.co.uk./").empty());
    CHECK(sent("a=b; Domain=shop.co.uk", "http://www.shop.co.uk/", "http://shop.co.uk/") == "a=b");
    CHECK(sent("a=b; Domain=github.io", "https://github.io/", "https://github.io/") == "a=b");
    CHECK(sent("a=b; Domain=github.io", "https://github.io/", "https://x.github.io/").empty());
    CookieJar jar;
    jar.read("\xEF\xBB\xBF# with a byte order mark\n.co.uk\tTRUE\t/\tFALSE\t0\ta\tb\n");
    CHECK(jar.header("http://bank.co.uk/", now).empty());
}

TEST_CASE("cookies: a Domain includes its subdomains, and must be the server's own") {
    CHECK(sent("a=b; Domain=.example.org", "http://h.example.org/", "http://x.example.org/") == "a=b");
    CHECK(sent("a=b; domain=EXAMPLE.org", "http://example.org/", "http://x.example.org/") == "a=b");
    CHECK(sent("a=b; Domain=example.org", "http://badexample.org/", "http://example.org/").empty());
    CHECK(sent("a=b; Domain=x.example.org", "http://example.org/", "http://x.example.org/").empty());
    CHECK(sent("a=b; Domain=org", "http://example.org/", "http://other.org/").empty());
    CHECK(sent("a=b; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/").empty());
    CHECK(sent("a=b; Domain=127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1/") == "a=b");
    CHECK(sent("a=b", "http://[::1]:8080/", "http://[::1]/") == "a=b");
}

TEST_CASE("cookies: paths match by whole segments, and default to the folder") {
    CHECK(sent("a=b; Path=/x", "http://h/", "http://h/x") == "a=b");
    CHECK(sent("a=b; Path=/x", "http://h/", "http://h/x/y?z") == "a=b");
    CHECK(sent("a=b; Path=/x", "http://h/", "http://h/xy").empty());
    CHECK(sent("a=b", "http://h/x/y?q=/z", "http://h/x/other") == "a=b");
    CHECK(sent("a=b", "http://h/x/y", "http://h/").empty());
    CHECK(sent("a=b; path=x", "http://h/x/y", "http://h/x") == "a=b");
}

TEST_CASE("cookies: Secure ones are set and sent only over https") {
    CHECK(sent("a=b; Secure", "https://h/", "https://h/") == "a=b");
    CHECK(sent("a=b; Secure", "https://h/", "http://h/").empty());
    CHECK(sent("a=b; Secure", "http://h/", "https://h/").empty());
    CookieJar jar;
    jar.receive("a=good; Secure", "https://h/", now);
    jar.receive("a=evil", "http://h/", now);
    CHECK(jar.header("https://h/", now) == "a=good");
}

TEST_CASE("cookies: a name's prefix is a promise") {
    CHECK(sent("__Secure-a=b", "https://h/", "https://h/").empty());
    CHECK(sent("__Secure-a=b; Secure", "https://h/", "https://h/") == "__Secure-a=b");
    CHECK(sent("__Host-a=b; Secure; Path=/", "https://h/x/y", "https://h/") == "__Host-a=b");
    CHECK(sent("__Host-a=b; Secure", "https://h/x/y", "https://h/x/").empty());
    CHECK(sent("__Host-a=b; Secure; Path=/; Domain=h.example", "https://h.example/", "https://h.example/")
              .empty());
}

TEST_CASE("cookies: Max-Age takes precedence over Expires, and an expired cookie is removed") {
    CHECK(sent("a=b; Max-Age=1", "http://h/", "http://h/") == "a=b");
    CHECK(sent("a=b; Max-Age=0", "http://h/", "http://h/").empty());
    CHECK(sent("a=b; Max-Age=-5; Expires=Fri, 31 Dec 2100 00:00:00 GMT", "http://h/", "http://h/").empty());
    CHECK(sent("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", "http://h/", "http://h/") == "a=b");
    CHECK(sent("a=b; Expires=whenever", "http://h/", "http://h/") == "a=b");
    CookieJar jar;
    jar.receive("a=b; Max-Age=10", "http://h/", now);
    CHECK(jar.header("http://h/", now + std::chrono::seconds(10)).empty());
    jar.receive("a=; Max-Age=0", "http://h/", now);
    CHECK(jar.cookies().empty());
}

TEST_CASE("cookies: longer paths come first, then older cookies") {
    CookieJar jar;
    jar.receive("a=1; Path=/", "http://h/", now);
    jar.receive("b=2; Path=/", "http://h/", now);
    jar.receive("c=3; Path=/x", "http://h/", now);
    jar.receive("a=4; Path=/", "http://h/", now);
    CHECK(jar.header("http://h/x", now) == "c=3; a=4; b=2");
}

TEST_CASE("cookies: a value keeps its quotes and equals signs, and malformed lines are ignored") {
    CHECK(sent("a=\"b=c\"; x", "http://h/", "http://h/") == "a=\"b=c\"");
    CHECK(sent("a=", "http://h/", "http://h/") == "a=");
    CHECK(sent("novalue", "http://h/", "http://h/").empty());
    CHECK(sent("=b", "http://h/", "http://h/").empty());
    CHECK(sent("a=b\x01", "http://h/", "http://h/").empty());
    CHECK(sent("a=" + std::string(4096, 'x'), "http://h/", "http://h/").empty());
}

TEST_CASE("cookies: no server can fill the jar without limit") {
    CookieJar jar;
    for (int i = 0; i < 400; ++i) {
        jar.receive("n" + std::to_string(i) + "=v", "http://h/", now);
    }
    CHECK(jar.cookies().size() == 300);
    CHECK(jar.cookies().front().name == "n100");
}

TEST_CASE("cookies: curl's file is read and written") {
    const std::string file =
        "# Netscape HTTP Cookie File\n\n"
        "h.example\tFALSE\t/\tFALSE\t0\ta\tb\n"
        "#HttpOnly_.example.org\tTRUE\t/x\tTRUE\t1890000000\tc\td e\n";
    CookieJar jar;
    jar.read("# a comment\r\n\r\n" + file);
    REQUIRE(jar.cookies().size() == 2);
    CHECK_FALSE(jar.changed());
    CHECK(jar.header("http://h.example/", now) == "a=b");
    CHECK(jar.header("https://www.example.org/x", now) == "c=d e");
    CHECK(jar.write(now) == file);
    jar.receive("a=b", "http://h.example/", now);
    CHECK_FALSE(jar.changed());
    jar.receive("a=c", "http://h.example/", now);
    CHECK(jar.changed());
}

TEST_CASE("cookies: received cookies are applied on top of the changes of others") {
    const std::string others =
        "h\tFALSE\t/\tFALSE\t0\ta\tother\nh\tFALSE\t/\tFALSE\t0\tgone\t1\nh\tFALSE\t/\tFALSE\t0\tb\t2\n";
    CookieJar jar;
    jar.receive("a=old", "http://h/", now);
    jar.receive("a=mine", "http://h/", now);
    jar.receive("gone=; Max-Age=0", "http://h/", now);
    jar.renew(others, now);
    CHECK(jar.header("http://h/", now) == "a=mine; b=2");
    CHECK_FALSE(jar.changed());
    jar.renew(others, now);
    CHECK(jar.header("http://h/", now) == "a=other; gone=1; b=2");
}

TEST_CASE("cookies: expired ones are not written") {
    CookieJar jar;
    jar.receive("a=b; Max-Age=10", "http://h/", now);
    CHECK(jar.write(now).find("\ta\tb\n") != std::string::npos);
    CHECK(jar.write(now + std::chrono::seconds(11)) == "# Netscape HTTP Cookie File\n\n");
}

TEST_CASE("cookies: an error gives the number of a line that is not a cookie") {
    CookieJar jar;
    try {
        jar.read("# comment\nh.example FALSE / FALSE 0 a b\n");
        FAIL("no error");
    } catch (const base::Error& error) {
        CHECK(error.exit() == base::Exit::bad_input);
        CHECK(std::string(error.what()).find("line 2") != std::string::npos);
    }
}

TEST_CASE("cookies: the user's own header comes first and wins by name") {
    CHECK(merge_cookies("", "a=1; b=2") == "a=1; b=2");
    CHECK(merge_cookies("a=x; c=3", "a=1; b=2") == "a=x; c=3; b=2");
    CHECK(merge_cookies("a=x", "") == "a=x");
}

TEST_CASE("cookies: Secure ones are accepted from this machine and sent to it, over http too") {
    for (const std::string host : {"localhost", "api.localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) {
        CHECK(sent("a=b; Secure", "http://" + host + "/", "http://" + host + ":8080/") == "a=b");
    }
    for (const std::string host : {"10.0.0.1", "localhost.example", "[::2]"}) {
        CHECK(sent("a=b; Secure", "http://" + host + "/", "http://" + host + "/").empty());
    }
}

TEST_CASE("cookies: typed ones change those that the URL gets, or are for the whole host") {
    CookieJar jar;
    jar.receive("a=1; Path=/x", "http://h/x/", now);
    jar.type("a=2; b=3; ; =4; c", "http://h/x/y", now);
    CHECK(jar.header("http://h/x/z", now) == "a=2; b=3; c=");
    CHECK(jar.header("http://h/", now) == "b=3; c=");
    CHECK(jar.changed());
    jar.type("s=1", "https://h/", now);
    CHECK(jar.header("http://h/", now) == "b=3; c=");
    CHECK(jar.header("https://h/", now) == "b=3; c=; s=1");
    jar.renew("", now);
    CHECK(jar.header("http://h/x/z", now) == "a=2; b=3; c=");
}

TEST_CASE("cookies: a Host header owns them, unless it is not valid") {
    CHECK(http::cookie_url("http://127.0.0.1:80/x?y", "shop.example:8080") == "http://shop.example:8080/x?y");
    CHECK(http::cookie_url("https://h/x", "") == "https://h/x");
    CHECK(http::cookie_url("https://h/x", "a b") == "https://h/x");
}
