#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/rest.h"
#include "tests/support/rpc.h"

using namespace hail::support;

namespace {

const std::string ok = result_reply("1");

}  // namespace

TEST_CASE("rpc wait: a server that starts late is waited for") {
    const TemporaryDirectory folder;
    const std::string socket = folder.path("rpc.sock");
    Process process(hail_command({"rpc", "localhost", "m", "--unix-socket", socket, "--wait-server", "10s"}));
    CHECK(mentions(process.read_error_line().value_or(""), "trying again in"));
    Peer peer({answer("warming up", "503 Service Unavailable"),
               answer(error_reply(-28, "Loading block index..."), "500 Internal Server Error"), answer(ok)},
              Peer::Others::refuse, socket);
    const Outcome outcome = process.wait();
    CHECK(outcome.out == "1\n");
    CHECK(outcome.code == 0);
    CHECK(mentions(outcome.err, "Loading block index...; trying again in"));
    CHECK(peer.finish().size() == 3);
}

TEST_CASE("rpc wait: it ends with the time that was given, and reports the last attempt") {
    const Outcome outcome = hail::support::hail({"rpc", "127.0.0.1:1", "m", "--wait-server", "300ms"});
    CHECK(mentions(outcome.err, "trying again"));
    CHECK(outcome.code == 7);
}

TEST_CASE("rpc wait: a call that may have been executed is not sent again") {
    Peer peer({{read_request(), reset()}, answer(ok)});
    CHECK(call(peer, {"--wait-server", "5s"}).code == 8);
    CHECK(peer.received().size() == 1);
    Peer error({answer(error_reply(-32000, "no")), answer(ok)});
    CHECK(call(error, {"--wait-server", "5s"}).code == 1);
    CHECK(error.received().size() == 1);
}

TEST_CASE("rpc wait: a signal ends the wait") {
    Process process(hail_command({"rpc", "127.0.0.1:1", "m", "--wait-server", "60s"}));
    CHECK(process.read_error_line());
    process.signal(2);
    CHECK(process.wait().code == 130);
}

TEST_CASE("rpc retry-on: only the named codes are retried, and as often as --retry says") {
    const std::string busy = error_reply(-32005, "busy");
    Peer peer({answer(busy), answer(ok)});
    CHECK(call(peer, {"--retry-on", "429, -32005", "--retry", "2"}).out == "1\n");
    Peer other({answer(busy), answer(ok)});
    CHECK(call(other, {"--retry-on", "429", "--retry", "2"}).code == 1);
    CHECK(other.received().size() == 1);
    Peer stubborn({answer(busy), answer(busy), answer(ok)});
    CHECK(call(stubborn, {"--retry-on", "-32005", "--retry", "1"}).code == 1);
    CHECK(stubborn.received().size() == 2);
}

TEST_CASE("rpc retry-on: a code is a whole number, and --retry is needed") {
    for (const auto* codes : {"", "x", "1,,2", "1.0", "1e2"}) {
        CAPTURE(codes);
        CHECK(hail::support::hail({"rpc", "localhost:1", "m", "--retry", "1", "--retry-on", codes}).code ==
              64);
    }
    CHECK(hail::support::hail({"rpc", "localhost:1", "m", "--retry-on", "1"}).code == 64);
}
