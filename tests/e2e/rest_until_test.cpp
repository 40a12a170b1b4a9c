// Calls that are repeated until the reply is as expected.

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"

using namespace hail::support;

TEST_CASE("rest until: the call is repeated until the expectation is met, and the last reply is printed") {
    std::atomic<int> count{0};
    Peer peer(always([&](const Received&) {
                  return ++count < 3
                             ? http_answer("{\"state\":\"busy\"}", {}, count == 1 ? "503 Wait" : "200 OK")
                             : http_answer("{\"state\":\"done\"}");
              }),
              Peer::Others::repeat);
    const Outcome outcome = rest({peer.address(), "--until", "state==\"done\"", "--every", "10ms"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "{\"state\":\"done\"}");
    CHECK(count == 3);
}

TEST_CASE("rest until: the deadline ends the calls with exit 10 and the last reply") {
    Peer peer(always([&](const Received&) { return http_answer("{\"state\":\"busy\"}"); }),
              Peer::Others::repeat);
    const Outcome outcome =
        rest({peer.address(), "--until", "state==\"done\"", "--every", "50ms", "--deadline", "600ms"});
    CHECK(outcome.code == 10);
    CHECK(outcome.out == "{\"state\":\"busy\"}");
    CHECK(outcome.err.find(
              "--until was not met within 600 ms: expected state==\"done\", but state is \"busy\"") !=
          std::string::npos);
}

TEST_CASE("rest until: a POST whose outcome is unknown is not repeated") {
    Peer peer({{read_request(), cut()}}, Peer::Others::repeat);
    CHECK(rest({"POST", peer.address(), "a=1", "--until", "status==200", "--every", "10ms"}).code == 8);
    CHECK(peer.connections() == 1);
}

TEST_CASE("rest until: all attempts use one connection") {
    Peer peer({{read_request(), send(http_answer("busy")), read_request(),
                send(http_answer("done", "X-Done: 1\r\n"))}});
    CHECK(rest({peer.address(), "--until", "header:X-Done==1", "--every", "1ms"}).out == "done");
    CHECK(peer.connections() == 1);
}

TEST_CASE("rest until: each POST uses a new connection, because a kept one may lose it") {
    Peer peer({{read_request(), send(http_answer("busy")), stall()},
               {read_request(), send(http_answer("done", "X-Done: 1\r\n"))}});
    const Outcome outcome =
        rest({"POST", peer.address(), "a=1", "--until", "header:X-Done==1", "--every", "1ms"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "done");
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("rest until: the deadline also ends a call that is running") {
    Peer peer({{read_request(), send(http_answer("busy")), read_request(), stall()}});
    const Outcome outcome =
        rest({peer.address(), "--until", "header:X-Done==1", "--every", "1ms", "--deadline", "300ms"});
    CHECK(outcome.code == 10);
    CHECK(outcome.err.find("--until was not met within 300 ms: ") != std::string::npos);
}

TEST_CASE("rest until: the deadline ends calls without a pause between them") {
    Peer peer(always([](const Received&) { return http_answer("busy"); }), Peer::Others::repeat);
    CHECK(rest({peer.address(), "--until", "a==1", "--every", "0", "--deadline", "50ms"}).code == 10);
}

TEST_CASE("rest until: a call that keeps failing is exit 10, with its reason") {
    const Outcome outcome = rest({"127.0.0.1:1", "--until", "a==1", "--every", "10ms", "--deadline", "40ms"});
    CHECK(outcome.code == 10);
    CHECK(outcome.err.find("--until was not met within 40 ms: ") != std::string::npos);
    CHECK(outcome.err.find("onnect") != std::string::npos);
}

TEST_CASE("rest until: --expect and --pick apply to the last reply") {
    const std::string done = "{\"s\": \"done\", \"e\": 1}";
    Peer peer(always([&](const Received&) { return http_answer(done); }), Peer::Others::repeat);
    const std::vector<std::string> waiting{peer.address(), "--until", "s==\"done\""};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), waiting.begin(), waiting.end());
        return rest(more);
    };
    CHECK(with({"--expect", "e==2"}).code == 10);
    CHECK(with({"--expect", "e==1"}).out == done);
    CHECK(with({"--pick", "e"}).out == "1\n");
}

TEST_CASE("rest until: a body from a pipe that cannot be read again is sent once") {
    Peer peer({{read_request(), send(http_answer("busy"))}});
    const Outcome outcome =
        rest({"POST", peer.address(), "--chunked", "--until", "a==1", "--every", "1ms"}, "x");
    CHECK(outcome.code == 10);
    CHECK(outcome.err.find("the request cannot be sent again") != std::string::npos);
    CHECK(peer.finish().size() == 1);
}
