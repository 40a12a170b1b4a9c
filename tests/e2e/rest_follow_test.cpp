#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

Step answer(const std::string& line, const std::string& body, const std::string& extra = {}) {
    return send("HTTP/1.1 " + line + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
}

Step go_to(const std::string& status, const std::string& location, const std::string& extra = {}) {
    return answer(status + " Somewhere", "moved", "Location: " + location + "\r\n" + extra);
}

}  // namespace

TEST_CASE("rest: a redirect is the final reply unless --follow is given") {
    Peer peer({{read_request(), go_to("302", "/b")}});
    const Outcome outcome = rest({peer.address("/a")});
    CHECK(outcome.code == 3);
    CHECK(outcome.out == "moved");
    CHECK(mentions(outcome.err, "it points to /b: --follow goes there"));
}

TEST_CASE("rest: --follow uses the same connection and shows only the last reply") {
    Peer peer({{read_request(), go_to("302", "b?c#d"), read_request(), reply("here")}});
    const Outcome outcome = rest({"-L", peer.address("/x/a"), "--print", "hb"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("HTTP/1.1 200"));
    CHECK(outcome.out.ends_with("here"));
    CHECK_FALSE(mentions(outcome.out, "moved"));
    CHECK(outcome.err.empty());
    const auto received = peer.finish();
    CHECK(received.at(1).line() == "GET /x/b?c HTTP/1.1");
}

TEST_CASE("rest: another origin gets no secret, and the warning names the headers") {
    Peer other({{read_request(), reply("there")}});
    Peer peer({{read_request(), go_to("302", "http://" + other.address("/b"), "Set-Cookie: s=1\r\n")}});
    const Outcome outcome = rest({"-L", peer.address("/a"), "-u", "ann:secret", "X-Api-Key:k", "X-Trace:t",
                                  "Cookie:c=1", "Accept:text/plain"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "there");
    CHECK(mentions(outcome.err, "not sent there: Authorization, X-Api-Key, X-Trace, Cookie"));
    CHECK_FALSE(mentions(outcome.err, "secret"));
    CHECK(peer.finish().at(0).header("Authorization") == "Basic YW5uOnNlY3JldA==");
    const auto received = other.finish().at(0);
    for (const char* name : {"Authorization", "X-Api-Key", "X-Trace"}) {
        CHECK(received.header(name).empty());
    }
    CHECK_FALSE(mentions(received.header("Cookie"), "c=1"));
    CHECK(received.header("Accept") == "text/plain");
    CHECK(received.header("Host") == other.address(""));
}

TEST_CASE("rest: the same origin gets all secrets and cookies again") {
    Peer peer({{read_request(), go_to("302", "/b", "Set-Cookie: s=1\r\nSet-Cookie: c=2\r\n"), read_request(),
                reply("")}});
    CHECK(rest({"-L", peer.address("/a"), "--bearer", "t", "X-Api-Key:k", "Cookie:c=1"}).code == 0);
    const auto received = peer.finish();
    CHECK(received.at(0).header("Cookie") == "c=1");
    CHECK(received.at(1).header("Authorization") == "Bearer t");
    CHECK(received.at(1).header("X-Api-Key") == "k");
    CHECK(received.at(1).header("Cookie") == "c=1; s=1");
}

TEST_CASE("rest: a redirected POST does not use a connection that the server may close") {
    for (const Step& end : {cut(), reset(), stall()}) {
        Peer peer({{read_request(), go_to("308", "/b"), end}, {read_request(), reply("done")}});
        const Outcome outcome = rest({"-L", peer.address("/a"), "x=1"});
        CHECK(outcome.code == 0);
        CHECK(outcome.out == "done");
        CHECK(peer.finish().at(1).connection == 1);
    }
}

TEST_CASE("rest: a redirect to another scheme is a bad reply") {
    Peer peer({{read_request(), go_to("302", "file:///etc/passwd")}});
    const Outcome outcome = rest({"-L", peer.address("/a")});
    CHECK(outcome.code == 9);
    CHECK(mentions(outcome.err, "only http and https are followed"));
}

TEST_CASE("rest: a redirect with a truncated reply is not followed") {
    Peer peer({{read_request(), send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9\r\n\r\ncut"),
                cut()}});
    CHECK(rest({"-L", peer.address("/a")}).code == 8);
}

TEST_CASE("rest: --retry waits as long as the server asks and shows only the last reply") {
    Peer peer(
        {{read_request(), answer("503 Busy", "later", "Retry-After: 0\r\n"), read_request(), reply("now")}});
    const Outcome outcome = rest({"--retry", "1", peer.address("/a")});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "now");
    CHECK(mentions(outcome.err, "hail: status 503; trying again in "));
    CHECK(mentions(outcome.err, "(1 of 1)"));
}

TEST_CASE("rest: after the last retry the last reply is printed") {
    Peer peer({{read_request(), answer("503 Busy", "first"), read_request(), answer("429 Slow", "last")}});
    const Outcome outcome = rest({"--retry", "1", peer.address("/a")});
    CHECK(outcome.code == 4);
    CHECK(outcome.out == "last");
}

TEST_CASE("rest: a POST that was sent is not retried") {
    Peer peer({{read_request(), answer("503 Busy", "no")}, {read_request(), cut()}});
    CHECK(rest({"--retry", "3", peer.address("/a"), "x=1"}).code == 5);
    CHECK(rest({"--retry", "3", peer.address("/a"), "x=1"}).code == 8);
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("rest: a POST with an idempotency key is retried with the same key") {
    Peer peer({{read_request(), cut()}, {read_request(), reply("done")}});
    const Outcome outcome = rest({"--retry", "1", "--idempotency-key", "auto", peer.address("/a"), "x=1"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "done");
    const auto received = peer.finish();
    CHECK(received.at(0).header("Idempotency-Key").size() == 36);
    CHECK(received.at(0).header("Idempotency-Key") == received.at(1).header("Idempotency-Key"));
    CHECK(received.at(1).body == R"({"x":"1"})");
}

TEST_CASE("rest: a refused connection is retried whatever the method") {
    const Outcome outcome = rest({"--retry", "1", "POST", "127.0.0.1:1/", "x=1"});
    CHECK(outcome.code == 7);
    CHECK(mentions(outcome.err, "(1 of 1)"));
}

TEST_CASE("rest: no retry begins after --retry-max-time") {
    Peer peer({{read_request(), answer("503 Busy", "", "Retry-After: 60\r\n")}});
    const Outcome outcome = rest({"--retry", "9", "--retry-max-time", "10s", peer.address("/a")});
    CHECK(outcome.code == 5);
    CHECK_FALSE(mentions(outcome.err, "trying again"));
}

TEST_CASE("rest: a Retry-After that is too large is not retried") {
    Peer peer({{read_request(), answer("503 Busy", "", "Retry-After: 999999999999999999999\r\n")}});
    const Outcome outcome = rest({"--retry", "9", peer.address("/a")});
    CHECK(outcome.code == 5);
    CHECK_FALSE(mentions(outcome.err, "trying again"));
}

TEST_CASE("rest: a signal ends the wait before a retry at once") {
    Peer peer({{read_request(), answer("503 Busy", "", "Retry-After: 60\r\n")}});
    Process process(hail_command({"rest", "--retry", "9", peer.address("/a")}));
    CHECK(mentions(process.read_error_line().value_or(""), "trying again in 1 m"));
    process.signal(15);
    CHECK(process.wait().code == 143);
}

TEST_CASE("rest: a client certificate stays with its origin") {
    Peer other({{read_request(), reply("there")}});
    Peer peer({{read_request(), go_to("302", "http://" + other.address("/b"))}});
    const Outcome outcome = rest({"-L", peer.address("/a"), "--cert", "/dev/null"});
    CHECK(outcome.out == "there");
    CHECK(mentions(outcome.err, "not sent there: the client certificate"));
}
