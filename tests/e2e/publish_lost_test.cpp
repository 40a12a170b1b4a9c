#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

Outcome publish(const Peer& peer, const std::string& input, std::vector<std::string> options) {
    std::vector<std::string> words{"publish", peer.address(""), "c"};
    words.insert(words.end(), options.begin(), options.end());
    return hail::support::hail(words, input);
}

// The payloads of the messages that a connection sent, in order.
std::string sent(const Peer& peer, std::size_t connection) {
    std::string text;
    for (const Received& part : peer.received()) {
        if (part.connection == connection) {
            text += part.head;
        }
    }
    std::string payloads;
    for (std::size_t at = 0; (at = text.find("PUBLISH", at)) != std::string::npos; ++at) {
        const std::size_t begin = text.find("\r\n", text.find('$', text.find('$', at) + 1)) + 2;
        payloads += text.substr(begin, text.find("\r\n", begin) - begin) + " ";
    }
    return payloads;
}

const char* const full = "-ERR max number of clients reached\r\n";
const char* const busy = "-BUSY Redis is busy running a script.\r\n";
const char* const loading = "-LOADING Redis is loading the dataset in memory\r\n";

}  // namespace

TEST_CASE("publish: --on-lost resend sends the unanswered messages again, in order") {
    const Peer peer({{read_until("\r\nd\r\n"), send(":0\r\n:0\r\n"), cut()},
                     {read_until("\r\nd\r\n"), send(":0\r\n:0\r\n"), stall()}});
    const Outcome end = publish(peer, "a\nb\nc\nd\n", {"--on-lost", "resend"});
    CHECK(end.code == 0);
    CHECK(sent(peer, 1) == "c d ");
    CHECK(mentions(end.err, "the server closed the connection; 2 without an answer are sent again\n"));
    CHECK(mentions(end.err, "hail: read 4, accepted 4, unknown 0, possibly published twice 2\n"));
}

TEST_CASE("publish: a message that is refused when it is sent again may have been published before") {
    const Peer peer({{read_until("\r\nb\r\n"), send(":0\r\n"), cut()},
                     {read_until("\r\nb\r\n"),
                      send(std::string(unknown_hello) + "-OOM command not allowed\r\n"), stall()}});
    const Outcome end = publish(peer, "a\nb\n", {"--on-lost", "resend"});
    CHECK(end.code == 1);
    CHECK_MESSAGE(
        mentions(end.err,
                 "input line 2: publishing to redis://" + peer.address("") +
                     ": OOM command not allowed; it was sent before the connection broke, and may have been "
                     "published then\n"),
        end.err);
}

TEST_CASE("publish: --on-lost resend waits for a server that is full when a connection is made again") {
    const Peer peer({{read_until("\r\na\r\n"), send(":0\r\n"), cut()},
                     {read_until("\r\nb\r\n"), send(full), cut()},
                     {read_until("\r\nb\r\n"), send(":0\r\n"), stall()}});
    Process publisher(hail_command({"publish", peer.address(""), "c", "--receivers", "--on-lost", "resend"}));
    publisher.write("a\n");
    CHECK(publisher.read_line() == "0");
    publisher.write("b\n");
    const Outcome end = publisher.wait();
    CHECK_MESSAGE(end.code == 0, end.err);
    CHECK(mentions(end.err, "trying again for up to 30 s"));
}

TEST_CASE("publish: --on-lost skip counts the unanswered messages as unknown and goes on") {
    const Peer peer({{read_until("\r\nb\r\n"), send(":0\r\n"), cut()},
                     {read_until("\r\nd\r\n"), send(":0\r\n:0\r\n"), stall()}});
    Process publisher(hail_command({"publish", peer.address(""), "c", "--on-lost", "skip"}));
    publisher.write("a\nb\n");
    CHECK(mentions(publisher.read_error_line().value_or(""), "1 without an answer are unknown and skipped"));
    publisher.write("c\nd\n");
    const Outcome end = publisher.wait();
    CHECK(end.code == 8);
    CHECK(sent(peer, 1) == "c d ");
    CHECK(mentions(end.err, "hail: read 4, accepted 3, unknown 1\n"));
}

TEST_CASE("publish: --quiet still tells how many messages are unknown, and where to resume") {
    const auto script = {read_until("\r\nb\r\n"), send(":0\r\n"), cut()};
    const Peer peer({script, script});
    const Outcome stopped = publish(peer, "a\nb\n", {"-q"});
    CHECK(stopped.code == 8);
    CHECK_MESSAGE(mentions(stopped.err, "hail: read 2, accepted 1, unknown 1; resume at input line 2\n"),
                  stopped.err);
    const Peer skipped({{read_until("\r\nb\r\n"), send(":0\r\n"), cut()}, {stall()}});
    const Outcome skip = publish(skipped, "a\nb\n", {"-q", "--on-lost", "skip"});
    CHECK(skip.code == 8);
    CHECK(mentions(skip.err, "hail: read 2, accepted 1, unknown 1"));
}

TEST_CASE("publish: a server that is killed and comes back loses no message with --on-lost resend") {
    RedisServer server;
    Process publisher(hail_command(
        {"publish", server.address(), "c", "--receivers", "--on-lost", "resend", "--retry", "5"}));
    publisher.write("a\n");
    REQUIRE(publisher.read_line() == "0");
    REQUIRE(::kill(server.pid(), SIGSTOP) == 0);
    publisher.write("b\nc\n");
    publisher.close_input();
    server.kill();
    server.start();
    CHECK(publisher.read_line() == "0");
    CHECK(publisher.read_line() == "0");
    const Outcome end = publisher.wait();
    CHECK(end.code == 0);
}

TEST_CASE("publish: a reconnection is bounded, and the account stays exact") {
    const Peer peer(
        {{read_until("\r\na\r\n"), send(":0\r\n"), read_until("\r\nd\r\n"), send(":0\r\n"), cut()}});
    const Outcome end = publish(peer, "a\nb\nc\nd\n", {"--on-lost", "resend", "--wait-server", "400ms"});
    CHECK(end.code == 8);
    CHECK(mentions(end.err, "hail: read 4, accepted 2, unknown 2; resume at input line 3\n"));
    CHECK(mentions(end.err, "trying again for up to 400 ms"));
}

TEST_CASE("publish: a server that answers nothing and cuts is not tried for ever") {
    const Peer peer({{read_until("\r\na\r\n"), cut()}}, Peer::Others::repeat);
    const Outcome end = publish(peer, "a\n", {"--on-lost", "resend", "--wait-server", "300ms"});
    CHECK(end.code == 8);
    CHECK(mentions(end.err, "unknown 1; resume at input line 1\n"));
}

TEST_CASE("publish: --retry and --wait-server wait for a free place on the server") {
    for (const auto& options : {std::vector<std::string>{"--wait-server", "10s"}, {"--retry", "2"}}) {
        const Peer peer(
            {{send(full), cut()},
             {read_until("\r\na\r\n"), send(":0\r\n"), read_until("\r\nb\r\n"), send(":0\r\n"), stall()}});
        const Outcome end = publish(peer, "a\nb\n", options);
        CHECK(end.code == 0);
        CHECK(sent(peer, 1) == "a b ");
        CHECK(mentions(end.err, "max number of clients"));
    }
}

TEST_CASE("publish: a full server is reported with the reason alone") {
    const Peer peer({{send(full), cut()}});
    const Outcome end = hail::support::hail({"publish", peer.address(""), "c", "x"});
    CHECK(end.code == 1);
    CHECK(end.err.starts_with("hail: publishing to redis://"));
    CHECK_FALSE(mentions(end.err, "read 1"));
}

TEST_CASE("publish: messages refused for now are sent again in order while nothing after them is accepted") {
    const Peer peer(
        {{read_until("\r\na\r\n"), send(std::string(unknown_hello) + ":0\r\n"), read_until("\r\nd\r\n"),
          send(std::string(busy) + busy), read_until("\r\nb\r\n"), send(busy), read_until("\r\nb\r\n"),
          send(":0\r\n"), read_until("\r\nd\r\n"), send(":0\r\n"), stall()}});
    const Outcome end = publish(peer, "a\nb\nd\n", {"--wait-server", "10s"});
    CHECK(end.code == 0);
    CHECK(sent(peer, 0) == "a b d b b d ");
}

TEST_CASE("publish: a message refused for now stays refused once a later one was accepted") {
    const Peer peer({{read_until("\r\na\r\n"), send(std::string(unknown_hello) + ":0\r\n"),
                      read_until("\r\nd\r\n"), send(std::string(busy) + ":0\r\n"), stall()}});
    const Outcome end = publish(peer, "a\nb\nd\n", {"--wait-server", "10s"});
    CHECK(end.code == 1);
    CHECK(sent(peer, 0) == "a b d ");
    CHECK(mentions(end.err, "input line 2: publishing to"));
}

TEST_CASE("publish: with --wait-server nothing follows a message that the server has not taken yet") {
    const Peer peer(
        {{read_until("\r\na\r\n"), send(std::string(unknown_hello) + loading), read_until("\r\na\r\n"),
          send(":0\r\n"), read_until("\r\nd\r\n"), send(":0\r\n:0\r\n"), stall()}});
    const Outcome end = publish(peer, "a\nb\nd\n", {"--wait-server", "10s"});
    CHECK(end.code == 0);
    CHECK(sent(peer, 0) == "a a b d ");
    CHECK(mentions(end.err, "LOADING"));
}

TEST_CASE("publish: a message that stays refused for now is reported when the wait is over") {
    const Peer peer({{read_until("\r\na\r\n"), send(std::string(unknown_hello) + busy),
                      read_until("\r\na\r\n"), send(busy), stall()}});
    const Outcome end = publish(peer, "a\n", {"--retry", "1"});
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "input line 1: publishing to"));
    CHECK(mentions(end.err, "BUSY"));
}

TEST_CASE("publish: without --retry and --wait-server a busy server refuses the message") {
    const Peer peer({{read_until("\r\na\r\n"), send(std::string(unknown_hello) + busy), stall()}});
    CHECK(publish(peer, "a\n", {}).code == 1);
    CHECK(sent(peer, 0) == "a ");
}

TEST_CASE("publish: a script that keeps a real server busy is waited for") {
    const RedisServer server;
    server.command({"CONFIG", "SET", "busy-reply-threshold", "1"});
    Process script({{"redis-cli", "-s", server.socket().string(), "EVAL", "while true do end", "0"}});
    while (!mentions(server.command({"PING"}), "BUSY")) {
    }
    Process publisher(hail_command({"publish", server.address(), "c", "x", "--wait-server", "20s"}));
    const auto said = publisher.read_error_line();
    CHECK(mentions(said.value_or(""), "BUSY"));
    server.command({"SCRIPT", "KILL"});
    CHECK(publisher.wait().code == 0);
}

TEST_CASE("publish: --wait-server waits for a server that starts late") {
    RedisServer server;
    server.kill();
    Process publisher(hail_command({"publish", server.address(), "c", "x", "--wait-server", "20s"}));
    CHECK(mentions(publisher.read_error_line().value_or(""), "trying again for up to 20 s"));
    server.start();
    CHECK(publisher.wait().code == 0);
}

TEST_CASE("publish: --idle-timeout ends the wait for a silent server while the input stays open") {
    Peer peer({{read_until("one\r\n"), stall()}});
    Process publisher(
        hail_command({"publish", "redis://" + peer.address(""), "c", "--idle-timeout", "100ms"}));
    publisher.write("one\n");
    CHECK(mentions(publisher.read_error_line().value_or(""), "read 1, accepted 0, unknown 1"));
    const Outcome end = publisher.wait();
    CHECK(end.code == 8);
    CHECK_MESSAGE(mentions(end.err, "allow more time with --idle-timeout"), end.err);
}
