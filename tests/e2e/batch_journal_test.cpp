// hail batch --journal: a run that is interrupted in any way and continued.

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

std::string ok(int id, const std::string& result) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + result + "}";
}

std::string line(int index, const std::string& result) {
    return "{\"i\":" + std::to_string(index) + ",\"id\":" + std::to_string(index) + ",\"result\":" + result +
           "}\n";
}

std::string calls(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"({"method":"m","id":)" + std::to_string(i) + "}\n";
    }
    return text;
}

struct Run {
    TemporaryDirectory directory;
    std::string out = directory.path("out");

    std::vector<std::string> arguments(const std::string& address, std::vector<std::string> more = {}) const {
        std::vector<std::string> all{
            "batch",   address, "-o",         out, "--journal", directory.path("journal"),
            "--chunk", "1",     "--parallel", "1", "--unknown", directory.path("unknown")};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
};

}  // namespace

TEST_CASE("batch: a killed run is continued, and a call that was in flight is unknown, not sent again") {
    const Run run;
    Peer peer(
        {{read_request(), reply(ok(1, "1")), read_request(), stall()}, {read_request(), reply(ok(1, "3"))}});
    Command command = hail_command(run.arguments(peer.address()));
    command.input = calls(3);
    Process process(command);
    process.close_input();
    peer.wait_for_requests(2);
    process.signal(SIGKILL);
    process.wait();
    CHECK(read_file(run.out + ".part") == line(0, "1"));
    const Outcome outcome = hail::support::hail(run.arguments(peer.address()), calls(3));
    CHECK(outcome.code == 8);
    CHECK(read_file(run.out) == line(0, "1") +
                                    "{\"i\":1,\"id\":1,\"outcome\":\"unknown\",\"why\":\"it was in flight "
                                    "when an earlier run ended\"}\n" +
                                    line(2, "3"));
    CHECK(read_file(run.directory.path("unknown")) == "{\"method\":\"m\",\"id\":1}\n");
    CHECK(outcome.err == "hail: 3 calls: 2 ok, 1 unknown; 1 POST, 1 call of an earlier run\n");
    CHECK(peer.finish().size() == 3);
}

TEST_CASE("batch: a call in flight when a signal stops the run is sent again only with --idempotent") {
    const auto stopped = [](const Run& run, const Peer& peer) {
        Command command = hail_command(run.arguments(peer.address(), {"--idempotent"}));
        command.input = calls(3);
        Process process(command);
        process.close_input();
        peer.wait_for_requests(2);
        process.signal_twice(SIGTERM, SIGINT);
        return process.wait();
    };
    SUBCASE("with it") {
        const Run run;
        Peer peer({{read_request(), reply(ok(1, "1")), read_request(), stall()},
                   {read_request(), reply(ok(1, "2")), read_request(), reply(ok(2, "3"))}});
        stopped(run, peer);
        CHECK(read_file(run.out + ".part") == line(0, "1"));
        const Outcome outcome =
            hail::support::hail(run.arguments(peer.address(), {"--idempotent"}), calls(3));
        CHECK(outcome.code == 0);
        CHECK(read_file(run.out) == line(0, "1") + line(1, "2") + line(2, "3"));
        CHECK(peer.finish().size() == 4);
    }
    SUBCASE("without it") {
        const Run run;
        Peer peer({{read_request(), reply(ok(1, "1")), read_request(), stall()},
                   {read_request(), reply(ok(1, "3"))}});
        stopped(run, peer);
        CHECK(hail::support::hail(run.arguments(peer.address()), calls(3)).code == 8);
        CHECK(read_file(run.out).find("\"i\":1,\"id\":1,\"outcome\":\"unknown\"") != std::string::npos);
        CHECK(peer.finish().size() == 3);
    }
}

TEST_CASE("batch: a run is continued under another spelling of the same paths") {
    const Run run;
    Peer peer({{read_request(), reply(ok(1, "1")), read_request(),
                send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")},
               {read_request(), reply(ok(1, "2"))}});
    REQUIRE(hail::support::hail(run.arguments(peer.address()), calls(2)).code == 4);
    Command again = hail_command({"batch", peer.address(), "-o", "./out", "--journal", "journal", "--chunk",
                                  "1", "--parallel", "1", "--unknown", "unknown"});
    again.directory = run.directory.path();
    again.input = calls(2);
    const Outcome outcome = hail::support::run(again);
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(read_file(run.out) == line(0, "1") + line(1, "2"));
}

TEST_CASE("batch: calls that were left because a failure stopped the run are sent by the next run") {
    const Run run;
    Peer peer({{read_request(), reply(ok(1, "1")), read_request(),
                send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")},
               {read_request(), reply(ok(1, "2")), read_request(), reply(ok(2, "3"))}});
    const Outcome stopped = hail::support::hail(run.arguments(peer.address()), calls(3));
    CHECK(stopped.code == 4);
    CHECK(stopped.err.find("the same command continues this run") != std::string::npos);
    CHECK(read_file(run.out + ".part") == line(0, "1"));
    const Outcome outcome = hail::support::hail(run.arguments(peer.address()), calls(3));
    CHECK(outcome.code == 0);
    CHECK(read_file(run.out) == line(0, "1") + line(1, "2") + line(2, "3"));
    CHECK(peer.finish().size() == 4);
}

TEST_CASE("batch: a complete run with a journal is not repeated, and keeps its exit status") {
    const Run run;
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}})";
    Peer peer({{read_request(), reply(error)}});
    CHECK(hail::support::hail(run.arguments(peer.address()), calls(1)).code == 1);
    const std::string output = read_file(run.out);
    const Outcome again = hail::support::hail(run.arguments(peer.address()), calls(1));
    CHECK(again.code == 1);
    CHECK(again.err == "hail: the journal says that this run is complete; nothing was sent\n");
    CHECK(read_file(run.out) == output);
    CHECK(peer.finish().size() == 1);
}

TEST_CASE(
    "batch: a journal is refused for another input, another address and without a file for the output") {
    const Run run;
    Peer peer({{read_request(), reply(ok(1, "1")), read_request(), reset()}});
    CHECK(hail::support::hail(run.arguments(peer.address(), {"--fail-fast"}), calls(9)).code == 8);
    const Outcome other_input =
        hail::support::hail(run.arguments(peer.address()), calls(1) + "{\"method\":\"x\"}\n");
    CHECK(other_input.code == 65);
    CHECK(other_input.err.find("the input is not that of its run") != std::string::npos);
    const Outcome other_address = hail::support::hail(run.arguments("localhost:1"), calls(9));
    CHECK(other_address.code == 65);
    const std::string list = run.directory.path("errors");
    CHECK(hail::support::hail(run.arguments(peer.address(), {"--errors", list}), calls(9)).code == 65);
    CHECK(other_address.err.find("it belongs to another run") != std::string::npos);
    CHECK(
        hail::support::hail({"batch", "localhost:1", "--journal", run.directory.path("j")}, calls(1)).code ==
        64);
    CHECK(hail::support::hail({"batch", "localhost:1", "--durable"}, calls(1)).code == 64);
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("batch: an array that is continued is one array") {
    const Run run;
    Peer peer({{read_request(), reply(ok(1, "1")), read_request(),
                send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")},
               {read_request(), reply(ok(1, "2"))}});
    CHECK(hail::support::hail(run.arguments(peer.address(), {"--as", "array"}), calls(2)).code == 4);
    CHECK(hail::support::hail(run.arguments(peer.address(), {"--as", "array"}), calls(2)).code == 0);
    CHECK(read_file(run.out) == "[\n{\"i\":0,\"id\":0,\"result\":1},\n{\"i\":1,\"id\":1,\"result\":2}\n]\n");
}
