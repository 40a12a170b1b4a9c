#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>

#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

Outcome publish(const RedisServer& server, std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), {"publish", server.address()});
    return hail::support::hail(words, input);
}

}  // namespace

TEST_CASE("publish: --require-receivers makes a message that too few received an error") {
    const RedisServer server;
    Process listener(hail_command({"subscribe", server.address(), "c", "--count", "2"}));
    REQUIRE(listener.read_error_line() == "hail: subscribed to 1 channel");
    // The time limit of the test is shorter than that of the connection: nothing may wait for the latter.
    CHECK(publish(server, {"c", "x", "--require-receivers", "1", "--connect-timeout", "60s"}).code == 0);
    const Outcome few = publish(server, {"c", "x", "--require-receivers", "2"});
    CHECK(few.code == 1);
    CHECK(few.err == "hail: message 1: received by 1 instead of 2 subscribers\n");
    CHECK(listener.wait().out == "x\nx\n");
    const Outcome many = publish(server, {"c", "--require-receivers", "1"}, "a\nb\nc\n");
    CHECK(many.code == 1);
    CHECK(mentions(many.err, "input line 1: received by 0 instead of 1 subscribers\n"));
    CHECK(mentions(many.err, "and 2 more like it, the last at input line 3\n"));
    const Outcome first =
        publish(server, {"c", "--require-receivers", "1", "--fail-fast", "--window", "1"}, "a\nb\nc\n");
    CHECK(mentions(first.err,
                   "read 1, accepted 1, unknown 0, received by too few 1; resume at input line 2\n"));
}

TEST_CASE("publish: --wait-receivers waits for the first subscriber") {
    const RedisServer server;
    for (const std::string name : {"c", "c*"}) {
        Process publisher(hail_command({"publish", server.address(), "c", "x", "--wait-receivers", "20s"}));
        while (!mentions(server.command({"CLIENT", "LIST"}), "cmd=pubsub")) {
        }
        CHECK(hail::support::hail({"subscribe", server.address(), name, "--count", "1"}).out == "x\n");
        CHECK(publisher.wait().code == 0);
    }
}

TEST_CASE("publish: --wait-receivers ends with 2 when nobody subscribes, and nothing was sent") {
    const RedisServer server;
    const Outcome nobody = publish(server, {"c", "x", "--wait-receivers", "150ms"});
    CHECK(nobody.code == 2);
    CHECK(mentions(nobody.err, "nobody subscribed to 'c' within 150 ms, nothing was sent"));
    CHECK(publish(server, {"-", "--json", "--wait-receivers", "1s"}, "").code == 64);
}

TEST_CASE("publish: a replica is warned of, whose own subscribers alone receive anything") {
    const RedisServer master;
    const RedisServer replica({.arguments = {"--replicaof", "127.0.0.1 " + std::to_string(master.port())}});
    const Outcome sent = publish(replica, {"c", "x"});
    CHECK(sent.code == 0);
    CHECK(mentions(sent.err, "hail: warning: the node at redis://localhost"));
    CHECK(mentions(sent.err, "is a replica: only its own subscribers receive"));
    CHECK(publish(master, {"c", "x"}).err == "");
}

TEST_CASE("publish: a client that may not ask about the node publishes all the same") {
    const RedisServer server(
        {.arguments = {"--user", "guest", "on", ">secret", "allchannels", "+publish", "+auth"}});
    const Outcome sent = publish(server, {"c", "x", "--user", "guest:secret", "--require-receivers", "0"});
    CHECK(sent.code == 0);
    CHECK(sent.err == "");
}

TEST_CASE("publish: in a cluster, --receivers is warned of and --require-receivers is refused") {
    const RedisServer node({.arguments = {"--cluster-enabled", "yes"}});
    CHECK(publish(node, {"c", "x"}).err == "");
    const Outcome counted = publish(node, {"c", "x", "--receivers"});
    CHECK(counted.code == 0);
    CHECK(counted.out == "0\n");
    CHECK(mentions(counted.err, "is part of a cluster: --receivers counts only its own subscribers"));
    const Outcome required = publish(node, {"c", "x", "--require-receivers", "1"});
    CHECK(required.code == 64);
    CHECK(mentions(required.err, "counts only its own subscribers, nothing was sent"));
}

TEST_CASE("publish: --rate spreads the messages over time") {
    const RedisServer server;
    const auto begun = std::chrono::steady_clock::now();
    CHECK(publish(server, {"c", "--rate", "20/s"}, "1\n2\n3\n4\n5\n6\n7\n").code == 0);
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(300));
    CHECK(publish(server, {"c", "x", "--rate", "fast"}).code == 64);
}

TEST_CASE("publish: the channel - needs --json") {
    const RedisServer server;
    const Outcome wrong = publish(server, {"-"}, "x\n");
    CHECK(wrong.code == 64);
    CHECK(mentions(wrong.err, "the channel - needs --json"));
}

TEST_CASE("publish: a person who types the messages is told how to end") {
    const RedisServer server;
    Command command = hail_command({"publish", server.address(), "c", "--receivers"});
    command.terminal = Command::Terminal::all;
    Process typed(command);
    CHECK(mentions(typed.read_until("Ctrl-D"), "type one message per line, and end with Ctrl-D"));
    typed.signal(SIGINT);
    CHECK(typed.wait().code == 130);
}

TEST_CASE("publish and subscribe: -v shows the wire with the password masked") {
    const RedisServer server({.arguments = {"--requirepass", "sesame"}});
    Command command = hail_command({"publish", "valkey" + server.address().substr(5), "c", "hi", "-v"});
    command.environment = {{"HAIL_PASSWORD", "sesame"}};
    const Outcome sent = run(command);
    CHECK(sent.code == 0);
    CHECK(mentions(sent.err, "* connected to "));
    CHECK(mentions(sent.err, "> AUTH\n> $3\n> ***\n< +OK\n"));
    CHECK(mentions(sent.err, "> PUBLISH\n> $1\n> c\n> $2\n> hi\n"));
    CHECK(mentions(sent.err, "< :0\n"));
    CHECK_FALSE(mentions(sent.err, "sesame"));
    Command listen = hail_command({"subscribe", server.address(), "c", "-v", "--first-within", "1ms"});
    listen.environment = {{"HAIL_PASSWORD", "sesame"}};
    const Outcome heard = run(listen);
    CHECK(mentions(heard.err, "> SUBSCRIBE\n> $1\n> c\n"));
    CHECK(mentions(heard.err, "< subscribe\n"));
    CHECK_FALSE(mentions(heard.err, "sesame"));
}

TEST_CASE("publish: --receivers that cannot be written end with 74 and an account of the messages") {
    const RedisServer server;
    const std::string hail = hail_command({}).argv.front();
    const Outcome end =
        run({.argv = {"sh", "-c", hail + " publish " + server.address() + " c a b --receivers > /dev/full"}});
    CHECK(end.code == 74);
    CHECK(mentions(end.err, "hail: read 2, accepted 2, unknown 0; resume at message 3\n"));
    CHECK(mentions(end.err, "writing stdout: No space left on device"));
}
