#include "lib/http/message.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/error.h"

using namespace hail::http;
using hail::base::Error;

TEST_CASE("request head: the host comes first, then the headers as typed, then authorization and length") {
    Request request{.method = "POST",
                    .url = "http://localhost:81/a?b",
                    .headers = {{"x-A", "1"}, {"X-B", ""}, {"x-A", "2"}}};
    request.credentials = {Credentials::Kind::basic, "user", "a:b"};
    request.body = "hello";
    CHECK(request_head(request) ==
          "POST /a?b HTTP/1.1\r\nHost: localhost:81\r\nx-A: 1\r\nX-B:\r\nx-A: 2\r\n"
          "Authorization: Basic dXNlcjphOmI=\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("request head: a typed header takes precedence over credentials and host") {
    Request request{.url = "http://localhost/", .headers = {{"authorization", "mine"}, {"host", "other"}}};
    request.credentials = {Credentials::Kind::bearer, "", "token"};
    CHECK(request_head(request) == "GET / HTTP/1.1\r\nhost: other\r\nauthorization: mine\r\n\r\n");
}

TEST_CASE("credentials: given ones take precedence over those in the address") {
    const auto address = hail::net::parse_address("http://ada:one@localhost/", {});
    CHECK(credentials({}, address) == Credentials{Credentials::Kind::basic, "ada", "one"});
    CHECK(credentials({.user = "bob", .password = "two", .bearer = {}}, address) ==
          Credentials{Credentials::Kind::basic, "bob", "two"});
    CHECK(credentials({.user = {}, .password = {}, .bearer = "t"}, address) ==
          Credentials{Credentials::Kind::bearer, "", "t"});
    const auto without = hail::net::parse_address("http://ada@localhost/", {});
    CHECK(credentials({.user = {}, .password = "environment", .bearer = {}}, without).secret ==
          "environment");
    CHECK(credentials({}, hail::net::parse_address("localhost", {})).kind == Credentials::Kind::none);
}

TEST_CASE("request: anything that would break the framing is rejected") {
    const auto refused = [](std::string name, std::string value) {
        Request request{.url = "http://localhost/", .headers = {{std::move(name), std::move(value)}}};
        request.body = "12345";
        CHECK_THROWS_AS(validate(request), Error);
    };
    refused("X A", "1");
    refused("", "1");
    refused("X-A", "1\r\nX-B: 2");
    refused("X-A", std::string("1\0", 2));
    refused("Transfer-Encoding", "chunked");
    refused("Content-Length", "4");
    CHECK_THROWS_AS(validate(Request{.method = "GET /x HTTP/1.1\r\n", .url = "http://localhost/"}), Error);
    CHECK_THROWS_AS(validate(Request{.method = "", .url = "http://localhost/"}), Error);
}

TEST_CASE("reply head: a field that looks like a status line remains a field") {
    ReplyHead head;
    for (const auto* line : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 404 X: y\r\n", "\r\n"}) {
        head.add_line(line);
    }
    CHECK(head.status() == 200);
    CHECK(head.bytes() == "HTTP/1.1 200 OK\r\nHTTP/1.1 404 X: y\r\n\r\n");
}

TEST_CASE("request: a user name cannot add a header") {
    Request request{.url = "http://localhost/"};
    request.credentials = {.kind = Credentials::Kind::digest, .user = "a\r\nX-Evil: p", .secret = "p"};
    CHECK_THROWS_AS(validate(request), Error);
}

TEST_CASE("reply head: status, version, reason and fields are read from its bytes") {
    ReplyHead head;
    for (const auto* line : {"HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 404 Not Found\r\n",
                             "Content-Type:  text/plain \r\n", "X-Long: a\r\n", "  b\r\n", "\r\n"}) {
        head.add_line(line);
    }
    CHECK(head.status() == 404);
    CHECK(head.version() == "1.1");
    CHECK(head.reason() == "Not Found");
    CHECK(head.find("content-type") == "text/plain");
    CHECK(head.find("x-long") == "a  b");
    CHECK_FALSE(head.find("nothing").has_value());
    CHECK(head.fields().size() == 2);
    CHECK(head.bytes() == "HTTP/1.1 404 Not Found\r\nContent-Type:  text/plain \r\nX-Long: a  b\r\n\r\n");
}

TEST_CASE("reply head: a repeated length must be the same, and must be a number") {
    const auto fault = [](const std::vector<std::string>& values) {
        ReplyHead head;
        head.add_line("HTTP/1.1 200 OK\r\n");
        for (const std::string& value : values) {
            head.add_line("Content-Length: " + value + "\r\n");
        }
        return length_fault(head).value_or("");
    };
    for (const std::vector<std::string>& fine : std::vector<std::vector<std::string>>{
             {}, {"5"}, {"5", "5"}, {"5, 5"}, {" 05 ,5"}, {"9223372036854775807"}}) {
        CHECK(fault(fine).empty());
    }
    CHECK(fault({"5", "2"}) == "its Content-Length is both 5 and 2");
    CHECK(fault({"2, 5"}) == "its Content-Length is both 2 and 5");
    CHECK(fault({"0x5"}) == "its Content-Length is '0x5', which is not a length");
    for (const char* broken :
         {"2x", "", "5,", "-1", "+5", "99999999999999999999999", "9223372036854775808"}) {
        CAPTURE(broken);
        CHECK_FALSE(fault({broken}).empty());
    }
}

TEST_CASE("message: white space breaks a head before the first field and before a colon") {
    ReplyHead head;
    CHECK_FALSE(line_fault(head, " HTTP/1.1 200 OK\r\n"));
    head.add_line("HTTP/1.1 200 OK\r\n");
    CHECK(line_fault(head, " X-A: b\r\n").value_or("").find("begins with white space") != std::string::npos);
    CHECK(line_fault(head, "X-A : b\r\n") == "there is white space before the colon of 'X-A'");
    CHECK(line_fault(head, "X-A\t: b\r\n"));
    CHECK(line_fault(head, ": b\r\n") == "a header has no name before its colon");
    CHECK_FALSE(line_fault(head, "X-A: b : c\r\n"));
    head.add_line("X-A: b\r\n");
    CHECK_FALSE(line_fault(head, " folded\r\n"));
    CHECK_FALSE(line_fault(head, "\r\n"));
}

TEST_CASE("message: a length counts only where no transfer coding stands beside it") {
    ReplyHead head;
    head.add_line("HTTP/1.1 200 OK\r\n");
    CHECK_FALSE(stated_length(head));
    head.add_line("Content-Length: 3\r\n");
    CHECK(stated_length(head) == 3);
    ReplyHead identity = head;
    identity.add_line("Transfer-Encoding: Identity\r\n");
    CHECK(stated_length(identity) == 3);
    head.add_line("Transfer-Encoding: chunked\r\n");
    CHECK_FALSE(stated_length(head));
}
