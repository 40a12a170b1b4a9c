// The meaning of --retry for each command: nothing that may have been executed is sent again.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/rest.h"

using namespace hail::support;

namespace {

Step answer(const std::string& status, const std::string& body, const std::string& extra = {}) {
    return send("HTTP/1.1 " + status + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
}

// Runs a command whose server opens the socket only after the first attempt has failed.
Outcome before_its_server(std::vector<std::string> arguments, const std::string& socket, Script script) {
    Process process(hail_command(std::move(arguments)));
    const std::string first = process.read_error_line().value_or("");
    CHECK(mentions(first, "trying again in"));
    CHECK(mentions(first, "(1 of 1)"));
    const Peer peer({std::move(script)}, Peer::Others::refuse, socket);
    return process.wait();
}

const std::string result_of_1 = R"({"jsonrpc":"2.0","id":1,"result":7})";

}  // namespace

TEST_CASE("retry: rpc reaches a server that starts late") {
    const TemporaryDirectory directory;
    const std::string socket = directory.path() + "/s";
    const Outcome outcome =
        before_its_server({"rpc", "localhost", "m", "--unix-socket", socket, "--retry", "1"}, socket,
                          {read_request(), reply(result_of_1)});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "7\n");
}

TEST_CASE("retry: publish and subscribe reach a broker that starts late") {
    const TemporaryDirectory directory;
    const std::string socket = directory.path() + "/s";
    CHECK(before_its_server({"publish", "unix://" + socket, "c", "m", "--retry", "1"}, socket,
                            {read_until("\r\nm\r\n"), send(":1\r\n")})
              .code == 0);
    const std::string other = directory.path() + "/t";
    const std::string message =
        "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n";
    const Outcome outcome = before_its_server(
        {"subscribe", "unix://" + other, "c", "--count", "1", "--retry", "1"}, other,
        {read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("$1\r\nc\r\n"), send(message)});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "m\n");
}

TEST_CASE("retry: no command begins an attempt after --retry-max-time") {
    const TemporaryDirectory directory;
    const std::string socket = "unix://" + directory.path() + "/none";
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"rest", "localhost", "--unix-socket", directory.path() + "/none"},
             {"rpc", "localhost", "m", "--unix-socket", directory.path() + "/none"},
             {"batch", "localhost", "--method", "m", "--unix-socket", directory.path() + "/none"},
             {"publish", socket, "c", "m"},
             {"subscribe", socket, "c"}}) {
        CAPTURE(words.front());
        std::vector<std::string> arguments = words;
        arguments.insert(arguments.end(), {"--retry", "9", "--retry-max-time", "10ms"});
        const Outcome outcome = hail::support::hail(arguments, "[]\n");
        CHECK(outcome.code == 7);
        CHECK_FALSE(mentions(outcome.err, "trying again"));
    }
}

TEST_CASE("retry: rpc calls again after HTTP 429, because nothing was executed") {
    Peer peer({{read_request(), answer("429 Slow", "slow", "Retry-After: 0\r\n")},
               {read_request(), reply(result_of_1)}});
    const Outcome outcome = hail::support::hail({"rpc", peer.address(), "m", "--retry", "1"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "7\n");
    CHECK(mentions(outcome.err, "status 429; trying again"));
}

TEST_CASE("retry: rpc does not repeat a call that may have been executed") {
    Peer peer({{read_request(), answer("503 Busy", "", "Retry-After: 0\r\n")}, {read_request(), cut()}});
    CHECK(hail::support::hail({"rpc", peer.address(), "m", "--retry", "3"}).code == 5);
    CHECK(hail::support::hail({"rpc", peer.address(), "m", "--retry", "3"}).code == 8);
    CHECK(peer.finish().size() == 2);
}

TEST_CASE("retry: batch has its own default") {
    const TemporaryDirectory directory;
    const std::vector<std::string> words{
        "batch",     "localhost", "--method",      "m",
        "--summary", "json",      "--unix-socket", directory.path() + "/none"};
    for (const auto& [retries, expected] : {std::pair("0", "\"resent\":0"), std::pair("1", "\"resent\":1")}) {
        std::vector<std::string> arguments = words;
        arguments.insert(arguments.end(), {"--retry", retries});
        const Outcome outcome = hail::support::hail(arguments, "[]\n");
        CHECK(outcome.code == 7);
        CHECK(mentions(outcome.err, expected));
    }
}

TEST_CASE("retry: a wrong certificate or password is never retried") {
    const TemporaryDirectory directory;
    const RedisServer server({.certificates = make_certificates(directory.path())});
    const std::string tls = "https://localhost:" + std::to_string(server.tls_port());
    for (const auto& words : {std::vector<std::string>{"publish", server.tls_address(), "c", "m"},
                              std::vector<std::string>{"rest", tls}}) {
        std::vector<std::string> arguments = words;
        arguments.insert(arguments.end(), {"--retry", "5"});
        const Outcome stranger = hail::support::hail(arguments);
        CHECK(stranger.code == 7);
        CHECK_FALSE(mentions(stranger.err, "trying again"));
    }
    Peer peer({{read_until("wrong\r\n"), send("-WRONGPASS invalid\r\n")}});
    const Outcome refused =
        hail::support::hail({"publish", "redis://:wrong@" + peer.address(""), "c", "m", "--retry", "5"});
    CHECK(refused.code == 1);
    CHECK_FALSE(mentions(refused.err, "trying again"));
}
