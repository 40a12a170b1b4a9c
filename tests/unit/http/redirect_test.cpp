#include "lib/http/redirect.h"

#include <doctest/doctest.h>

#include "lib/base/error.h"
#include "lib/http/body.h"

using namespace hail;
using http::redirect;
using http::Replay;
using http::Request;

namespace {

Request request(const std::string& method, const std::string& url) {
    Request result;
    result.method = method;
    result.url = url;
    return result;
}

// The method, and whether there is still a body: "POST with body".
std::string after(const std::string& method, int status) {
    Request sent = request(method, "http://h/a");
    sent.body = "x";
    const Request next = redirect(sent, Replay::possible, status, "/b").request;
    return next.method + (next.body ? " with body" : "");
}

std::string refused(const Request& sent, Replay replay, int status, const std::string& location) {
    try {
        redirect(sent, replay, status, location);
        return "followed";
    } catch (const base::Error& error) {
        return std::string(base::name(error.exit())) + ": " + error.what();
    }
}

}  // namespace

TEST_CASE("redirect: 303 becomes GET, but HEAD stays HEAD") {
    CHECK(after("POST", 303) == "GET");
    CHECK(after("PUT", 303) == "GET");
    CHECK(redirect(request("HEAD", "http://h/"), Replay::possible, 303, "/b").request.method == "HEAD");
}

TEST_CASE("redirect: 301 and 302 turn a POST into a GET and nothing else") {
    CHECK(after("POST", 301) == "GET");
    CHECK(after("POST", 302) == "GET");
    CHECK(after("PUT", 302) == "PUT with body");
    CHECK(after("DELETE", 301) == "DELETE with body");
}

TEST_CASE("redirect: 307 and 308 keep method and body") {
    CHECK(after("POST", 307) == "POST with body");
    CHECK(after("POST", 308) == "POST with body");
}

TEST_CASE("redirect: a body that came from a stream cannot be sent again") {
    Request sent = request("POST", "http://h/a");
    CHECK(refused(sent, Replay::impossible, 307, "/b")
              .starts_with("redirected: POST http://h/a: the redirect to"));
    CHECK(refused(sent, Replay::impossible, 303, "/b") == "followed");
}

TEST_CASE("redirect: a request that becomes a GET loses the headers about its body") {
    Request sent = request("POST", "http://h/a");
    sent.body = "x";
    sent.headers = {{"content-type", "text/plain"}, {"Content-Length", "1"}, {"X-Id", "7"}};
    const Request next = redirect(sent, Replay::possible, 303, "/b").request;
    CHECK(next.headers == std::vector<http::Header>{{"X-Id", "7"}});
    CHECK(redirect(sent, Replay::possible, 307, "/b").request.headers == sent.headers);
}

TEST_CASE("redirect: the same origin keeps every secret") {
    Request sent = request("GET", "http://h/a");
    sent.headers = {{"X-Api-Key", "k"}, {"Cookie", "a=b"}};
    sent.credentials = {http::Credentials::Kind::basic, "u", "p"};
    const auto next = redirect(sent, Replay::possible, 302, "http://H:80/b");
    CHECK(next.request.headers == sent.headers);
    CHECK(next.request.credentials == sent.credentials);
    CHECK(next.dropped.empty());
}

TEST_CASE("redirect: another origin gets only harmless headers, and the others are reported") {
    Request sent = request("GET", "https://h/a");
    sent.headers = {{"Accept", "text/html"}, {"X-Api-Key", "k"},  {"authorization", "Bearer t"},
                    {"Cookie", "a=b"},       {"Host", "virtual"}, {"user-agent", "me"},
                    {"Range", "bytes=5-"},   {"X-Api-Key", "l"}};
    sent.credentials = {http::Credentials::Kind::bearer, "", "t"};
    for (const char* location : {"https://h:8443/", "https://other/", "https://sub.h/"}) {
        CAPTURE(location);
        const auto next = redirect(sent, Replay::possible, 302, location);
        CHECK(next.request.headers == std::vector<http::Header>{{"Accept", "text/html"},
                                                                {"user-agent", "me"},
                                                                {"Range", "bytes=5-"}});
        CHECK(next.request.credentials == http::Credentials{});
        CHECK(next.dropped == std::vector<std::string>{"Authorization", "X-Api-Key", "Cookie", "Host"});
    }
}

TEST_CASE("redirect: https to http is followed only if the request holds no secrets") {
    Request sent = request("GET", "https://h/a");
    sent.headers = {{"Accept", "*/*"}};
    CHECK(refused(sent, Replay::possible, 302, "http://h/a") == "followed");
    sent.headers.push_back({"X-Api-Key", "k"});
    CHECK(refused(sent, Replay::possible, 302, "http://h/a").find("from https to http") != std::string::npos);
    sent.headers.clear();
    sent.method = "POST";
    sent.body = "secret";
    CHECK(refused(sent, Replay::possible, 308, "http://h/a").starts_with("redirected: "));
    CHECK(refused(sent, Replay::possible, 303, "http://h/a") == "followed");
}

TEST_CASE("redirect: a Location that leads nowhere is a bad reply") {
    const Request sent = request("GET", "http://h/a");
    CHECK(refused(sent, Replay::possible, 302, "ftp://h/").starts_with("bad_reply: "));
    CHECK(refused(sent, Replay::possible, 302, "http://").starts_with("bad_reply: "));
    CHECK(http::is_redirect(308));
    CHECK_FALSE(http::is_redirect(304));
    CHECK_FALSE(http::is_redirect(300));
}

TEST_CASE("redirect: a streamed body is protected like any other body") {
    Request sent = request("POST", "https://h/a");
    sent.stream = http::bytes_body("secret");
    CHECK(redirect(sent, Replay::possible, 307, "/b").request.stream == sent.stream);
    CHECK(redirect(sent, Replay::possible, 303, "/b").request.stream == nullptr);
    CHECK(refused(sent, Replay::possible, 307, "http://h/b").starts_with("redirected: "));
}
