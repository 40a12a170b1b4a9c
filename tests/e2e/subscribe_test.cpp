#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

const std::string confirmation = "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n";

// The end of subscribing to the channel c at a broker that sends these bytes and then stays silent.
Outcome subscribe_to(const std::string& bytes, std::vector<std::string> options) {
    Peer peer({{read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("\r\nc\r\n"),
                send(bytes), stall()}});
    options.insert(options.begin(), {"subscribe", "redis://" + peer.address(""), "c"});
    return hail::support::hail(options);
}

}  // namespace

TEST_CASE("subscribe: only the messages of channels and patterns go to stdout") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "a", "b", "n*", "--count", "3"}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 2 channels and 1 pattern");
    server.publish("b", "one");
    server.publish("news", "two");
    server.publish("other", "no");
    server.publish("a", "three");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == "one\ntwo\nthree\n");
    CHECK(end.err == "");
}

TEST_CASE("subscribe: --literal treats glob characters as ordinary ones") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "n*", "--literal", "--count", "1"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("news", "no");
    server.publish("n*", "yes");
    CHECK(subscriber.wait().out == "yes\n");
}

TEST_CASE("subscribe: --json names channel and pattern, and is valid JSON whatever the bytes") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "n*", "--json", "--count", "2"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("news", "tab\there");
    server.publish("n\xff", "x");
    const auto first = subscriber.read_line().value_or("");
    CHECK(first.starts_with("{\"time\":\"20"));
    CHECK(first.ends_with(R"(Z","channel":"news","pattern":"n*","payload":"tab\there"})"));
    CHECK(subscriber.read_line().value_or("").ends_with(
        R"("channel_base64":"bv8=","pattern":"n*","payload":"x"})"));
    CHECK(subscriber.wait().code == 0);
}

TEST_CASE("subscribe: --ready-fd lets a script publish without a race") {
    const RedisServer server;
    const Command sample = hail_command({"subscribe"});
    const std::string script = sample.argv[0] + " subscribe " + server.address() +
                               " c --count 1 -q --ready-fd 9 9>&1 >&3 | { read word && " + sample.argv[0] +
                               " publish " + server.address() + " c \"$word\"; }";
    const Outcome outcome = run({.argv = {"sh", "-c", "{ " + script + "; } 3>&1"}});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "ready\n");
}

TEST_CASE("subscribe: the command ends at once if its reader goes away") {
    const RedisServer server;
    const Command sample = hail_command({"subscribe"});
    const std::string line = sample.argv[0] + " subscribe " + server.address() + " c 2>&9 | head -1";
    Process shell({.argv = {"sh", "-c", "{ " + line + "; } 9>&2"}});
    REQUIRE(shell.read_error_line() == "hail: subscribed to 1 channel");
    server.publish("c", "only");
    const Outcome end = shell.wait();
    CHECK(end.out == "only\n");
    CHECK(end.code == 0);
}

TEST_CASE("subscribe: --for ends the command, and limits --count") {
    const RedisServer server;
    CHECK(hail::support::hail({"subscribe", server.address(), "c", "--for", "500ms"}).code == 0);
    const Outcome few =
        hail::support::hail({"subscribe", server.address(), "c", "--for", "50ms", "--count", "1"});
    CHECK(few.code == 2);
    CHECK(mentions(few.err, "0 of 1 arrived"));
}

TEST_CASE("subscribe: --first-within and --idle-timeout end with exit 2") {
    const RedisServer server;
    CHECK(hail::support::hail({"subscribe", server.address(), "c", "--first-within", "50ms"}).code == 2);
    CHECK(hail::support::hail({"subscribe", server.address(), "c", "--idle-timeout", "50ms"}).code == 2);
}

TEST_CASE("subscribe: a signal flushes the output and ends the command") {
    const RedisServer server;
    for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
        Process subscriber(hail_command({"subscribe", server.address(), "c"}));
        REQUIRE(subscriber.read_error_line().has_value());
        server.publish("c", "kept");
        REQUIRE(subscriber.read_line() == "kept");
        subscriber.signal(signal);
        CHECK(subscriber.wait().code == code);
    }
}

TEST_CASE("subscribe: a lost server is exit 8, after all messages were written") {
    RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--no-reconnect"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("c", "kept");
    REQUIRE(subscriber.read_line() == "kept");
    server.kill();
    const Outcome end = subscriber.wait();
    CHECK(end.code == 8);
    CHECK(mentions(end.err, "messages may have been lost"));
}

TEST_CASE("subscribe: a forbidden channel is exit 1 with the reason") {
    const RedisServer server(
        {.arguments = {"--user", "guest", "on", ">pw", "resetchannels", "&open*", "+@all"}});
    const std::string address = "redis://guest:pw@localhost:" + std::to_string(server.port());
    const Outcome refused = hail::support::hail({"subscribe", address, "open1", "shut", "shut2", "open*"});
    CHECK(refused.code == 1);
    CHECK(mentions(refused.err, ", channel 'shut': NOPERM"));
    CHECK(mentions(hail::support::hail({"subscribe", address, "open1", "open1*"}).err,
                   ", channel 'open1*': NOPERM"));
    CHECK(mentions(refused.err, "ACL"));
}

TEST_CASE("subscribe: on a terminal control characters are shown, message by message") {
    const RedisServer server;
    Command command = hail_command({"subscribe", server.address(), "c", "--count", "1"});
    command.terminal = Command::Terminal::output;
    Process subscriber(command);
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("c", "\x1b[31mred");
    CHECK(mentions(subscriber.wait().out, "\\x1b[31mred"));
}

TEST_CASE("subscribe: a missing channel, a closed --ready-fd and garbage are reported") {
    CHECK(hail::support::hail({"subscribe", "localhost"}).code == 64);
    CHECK(hail::support::hail({"subscribe", "localhost", "c", "--ready-fd", "77"}).code == 64);
    CHECK(hail::support::hail({"subscribe", "localhost", "c", "--dry-run"}).out ==
          "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$4\r\nhail\r\n*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n");
}

TEST_CASE("subscribe: without a confirmation it never succeeds") {
    for (const std::string bytes : {"", "*3\r\n$9\r\nsubscribe\r\n"}) {
        const Outcome end = subscribe_to(bytes, {"--for", "500ms"});
        CHECK(end.code == 2);
        CHECK(mentions(end.err, "has not confirmed every subscription"));
    }
    CHECK(subscribe_to("", {"--timeout", "100ms", "--count", "1"}).code == 2);
    CHECK(subscribe_to("", {"--connect-timeout", "200ms", "--first-within", "50ms"}).code == 2);
}

TEST_CASE("subscribe: an answer of another kind than a confirmation is exit 9") {
    for (const std::string bytes : {"+OK\r\n", ":5\r\n", "$-1\r\n", "*0\r\n", "*1\r\n$1\r\nc\r\n"}) {
        CAPTURE(bytes);
        CHECK(subscribe_to(bytes, {"--for", "10s"}).code == 9);
    }
}

TEST_CASE("subscribe: a frame that breaks the protocol is exit 9 and never a message") {
    for (const std::string frame :
         {"*2\r\n$7\r\nmessage\r\n$1\r\nc\r\n", "*4\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n$1\r\ny\r\n",
          "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n:7\r\n", "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$-1\r\n",
          "*3\r\n$7\r\nmessage\r\n$5\r\nother\r\n$1\r\nx\r\n", "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nxYZ",
          "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$9223372036854775806\r\n"}) {
        CAPTURE(frame);
        const Outcome end = subscribe_to(confirmation + frame, {"--for", "10s"});
        CHECK(end.code == 9);
        CHECK(end.out.empty());
    }
}

TEST_CASE("subscribe: an error that nobody asked for is shown") {
    const Outcome end = subscribe_to(confirmation + "-ERR odd\r\n", {"--for", "500ms"});
    CHECK(end.code == 0);
    CHECK(mentions(end.err, "says: ERR odd"));
}

TEST_CASE("subscribe: a message that the time limit cuts off is reported") {
    const Outcome end =
        subscribe_to(confirmation + "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$9\r\nhalf", {"--for", "500ms"});
    CHECK(end.code == 0);
    CHECK(mentions(end.err, "in the middle of a message, which is not shown"));
    // Of a large one, a part is shown already.
    const Outcome large = subscribe_to(
        confirmation + "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1000000\r\n" + std::string(300'000, 'x'),
        {"--for", "500ms"});
    CHECK(large.code == 0);
    CHECK(large.out.starts_with("xxx"));
    CHECK_FALSE(mentions(large.err, "is not shown"));
    CHECK(mentions(large.err, "the last message is cut: its rest never came"));
}

TEST_CASE("subscribe: --timeout and --for hold while logging in") {
    Peer silent({{stall()}, {stall()}});
    for (const std::string limit : {"--timeout", "--for"}) {
        const Outcome end =
            hail::support::hail({"subscribe", "redis://" + silent.address(""), "c", limit, "100ms"});
        CHECK(end.code == 2);
    }
}
