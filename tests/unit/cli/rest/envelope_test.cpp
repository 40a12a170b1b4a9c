#include "cli/rest/envelope.h"

#include <doctest/doctest.h>

#include "lib/json/scan.h"
#include "tests/support/process.h"

using namespace hail;
using cli::rest::envelope;

namespace {

http::Result result_of(std::initializer_list<std::string_view> lines) {
    http::Result result;
    for (const std::string_view line : lines) {
        result.head.add_line(line);
    }
    result.timings.name = http::Timings::Microseconds(250);
    result.timings.total = http::Timings::Microseconds(12'500);
    result.remote = "127.0.0.1:80";
    result.request_bytes = 1;
    result.reply_head_bytes = 2;
    result.reply_body_bytes = 3;
    return result;
}

}  // namespace

TEST_CASE("envelope: the output is one JSON object on one line") {
    CHECK(envelope("http://h/", result_of({"HTTP/1.1 201 Created", "Content-Type: application/json"}),
                   "{ \"b\": 1.10,\n \"a\": [ ],\n \"b\": 2 }\n") ==
          R"({"url":"http://h/","status":201,"reason":"Created","version":"1.1",)"
          R"("headers":{"content-type":"application/json"},"body":{"b":1.10,"a":[],"b":2},)"
          R"("milliseconds":{"name":0.25,"connected":0,"tls":0,"ready":0,"first_byte":0,"total":12.5},)"
          R"("remote":"127.0.0.1:80","bytes":{"sent":1,"head":2,"body":3}})");
}

TEST_CASE("envelope: repeated headers are joined, cookies are not") {
    const auto text = envelope(
        "u", result_of({"HTTP/1.1 200 OK", "Vary: a", "Set-Cookie: a=1", "vary: b", "Set-Cookie: b=2, c"}),
        "");
    CHECK(support::mentions(text, R"("vary":"a, b")"));
    CHECK(support::mentions(text, R"("set-cookie":["a=1","b=2, c"])"));
    CHECK_FALSE(support::mentions(text, "body\":{\"b"));
}

TEST_CASE("envelope: a body is JSON, text or base64") {
    CHECK(support::mentions(envelope("u", result_of({"HTTP/1.1 200 OK"}), "[1]"), R"("body":[1])"));
    CHECK(support::mentions(envelope("u", result_of({"HTTP/1.1 200 OK", "Content-Type: text/plain"}), "[1]"),
                            R"("body_text":"[1]")"));
    CHECK(support::mentions(
        envelope("u", result_of({"HTTP/1.1 200 OK", "Content-Type: application/json"}), "{cut"),
        R"("body_text":"{cut")"));
    CHECK(support::mentions(envelope("u", result_of({"HTTP/1.1 200 OK"}), "\xFF\x00"),
                            R"("body_base64":"/w==")"));
}

TEST_CASE("envelope: a head that is not UTF-8 is read as ISO 8859-1") {
    CHECK(support::mentions(envelope("u", result_of({"HTTP/1.1 200 OK", "X-A: \xFC"}), ""),
                            "\"x-a\":\"\xC3\xBC\""));
}
