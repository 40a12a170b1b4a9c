#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

// Ends when the server has this many subscribers of the channel c.
void await_subscribers(const RedisServer& server, const std::string& count) {
    while (!mentions(server.command({"PUBSUB", "NUMSUB", "c"}), "\n" + count)) {
    }
}

}  // namespace

TEST_CASE("subscribe: after a restart of the server it is subscribed again, and the gap is told") {
    RedisServer server;
    Process subscriber(
        hail_command({"subscribe", server.address(), "c", "--json", "--events", "--count", "2"}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 1 channel");
    server.publish("c", "before");
    REQUIRE(mentions(subscriber.read_line().value_or(""), R"("payload":"before"})"));
    server.kill();
    const std::string lost = subscriber.read_error_line().value_or("");
    CHECK(mentions(lost, "the server closed the connection; messages may have been lost before it"));
    CHECK(mentions(lost, "CLIENT KILL"));
    server.start();
    CHECK(mentions(subscriber.read_error_line().value_or(""), "hail: connected again after "));
    server.publish("c", "after");
    const std::string gap = subscriber.read_line().value_or("");
    CHECK(gap.starts_with(R"({"event":"gap","from":"20)"));
    CHECK(mentions(gap, R"(,"reason":"receiving from redis://)"));
    CHECK(mentions(subscriber.read_line().value_or(""), R"("payload":"after"})"));
    CHECK(subscriber.wait().code == 0);
}

TEST_CASE("subscribe: CLIENT KILL is a gap, or the end with --no-reconnect and --fail-on-gap") {
    const RedisServer server;
    for (const std::string option : {"", "--no-reconnect", "--fail-on-gap"}) {
        CAPTURE(option);
        std::vector<std::string> words{"subscribe", server.address(), "c", "--count", "1"};
        if (!option.empty()) {
            words.push_back(option);
        }
        Process subscriber(hail_command(words));
        REQUIRE(subscriber.read_error_line().has_value());
        server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
        if (option.empty()) {
            CHECK(mentions(subscriber.read_error_line().value_or(""), "warning: receiving from"));
            CHECK(mentions(subscriber.read_error_line().value_or(""), "connected again"));
            server.publish("c", "x");
            CHECK(subscriber.wait().out == "x\n");
        } else {
            CHECK(subscriber.wait().code == 8);
        }
    }
}

TEST_CASE("subscribe: rights that are taken away end the run with the server's reason") {
    const RedisServer server({.arguments = {"--user", "me", "on", ">pw", "~*", "&*", "+@all"}});
    const std::string address = "redis://me:pw@localhost:" + std::to_string(server.port());
    Process subscriber(hail_command({"subscribe", address, "c"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.command({"ACL", "SETUSER", "me", "resetchannels"});
    const Outcome end = subscriber.wait();
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "rights that were taken away"));
    CHECK(mentions(end.err, "NOPERM"));
}

TEST_CASE("subscribe: a signal ends the wait for a server that is away") {
    RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "c"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.kill();
    REQUIRE(subscriber.read_error_line().has_value());
    subscriber.signal(SIGTERM);
    const Outcome end = subscriber.wait();
    CHECK(end.code == 143);
    CHECK(mentions(end.err, "hail: received 0 messages in "));
}

TEST_CASE("subscribe: --retry waits for a server that is not there yet, as --wait-server does for publish") {
    RedisServer server;
    server.kill();
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--count", "1", "--retry", "20"}));
    CHECK(mentions(subscriber.read_error_line().value_or(""), "trying again"));
    server.start();
    await_subscribers(server, "1");
    server.publish("c", "x");
    CHECK(subscriber.wait().out == "x\n");
}
