// The output of subscribe: its forms, its file, and a reader that is slow.

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

constexpr int many = 2'000;
constexpr std::size_t line_size =
    20'000;  // together more than the server keeps for a subscriber that is slow

// Publishes many numbered lines, which is only possible if the subscriber keeps up.
void publish_many(const RedisServer& server, const TemporaryDirectory& folder) {
    std::string lines;
    for (int number = 0; number < many; ++number) {
        lines += std::to_string(number) + std::string(line_size, 'x') + "\n";
    }
    const Outcome done = run({.argv = hail_command({"publish", server.address(), "c"}).argv,
                              .input_file = folder.file("lines", lines)});
    REQUIRE(done.code == 0);
}

std::vector<std::string> slow_reader(const RedisServer& server, const std::string& overflow) {
    return {"subscribe", server.address(), "c",     "--count", std::to_string(many), "--queue",
            "1M",        "--overflow",     overflow};
}

}  // namespace

TEST_CASE("subscribe: a reader that sleeps loses nothing, because the rest waits in a file") {
    const RedisServer server;
    const TemporaryDirectory folder;
    Command command = hail_command(slow_reader(server, "spool"));
    command.environment.emplace_back("TMPDIR", folder.path());
    Process subscriber(command);
    REQUIRE(subscriber.read_error_line().has_value());
    publish_many(server, folder);
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.err.empty());
    std::size_t at = 0;
    for (int number = 0; number < many; ++number) {
        const std::string start = std::to_string(number) + "x";
        REQUIRE(end.out.compare(at, start.size(), start) == 0);
        at += start.size() + line_size;
    }
    CHECK(at == end.out.size());
}

TEST_CASE("subscribe: a reader that sleeps gets the newest messages, and the number of those dropped") {
    const RedisServer server;
    const TemporaryDirectory folder;
    for (const bool fails : {false, true}) {
        std::vector<std::string> words = slow_reader(server, "drop-oldest");
        if (fails) {
            words.emplace_back("--fail-on-gap");
        }
        Process subscriber(hail_command(words));
        REQUIRE(subscriber.read_error_line().has_value());
        publish_many(server, folder);
        const Outcome end = subscriber.wait();
        CHECK(end.code == (fails ? 8 : 0));
        CHECK(mentions(end.err, " messages were dropped"));
        CHECK(end.out.size() < many * line_size);
        CHECK(mentions(end.out, "\n" + std::to_string(many - 1) + "xxx"));
    }
}

TEST_CASE("subscribe: --overflow stop ends the run with exit 8, after what was kept") {
    const RedisServer server;
    const TemporaryDirectory folder;
    Process subscriber(hail_command(slow_reader(server, "stop")));
    REQUIRE(subscriber.read_error_line().has_value());
    publish_many(server, folder);
    const Outcome end = subscriber.wait();
    CHECK(end.code == 8);
    CHECK(mentions(end.err, "the reader of the output is too slow"));
    CHECK(end.out.starts_with("0xxx"));
    CHECK(end.out.ends_with("x\n"));
}

TEST_CASE("subscribe: --format prints the parts that are asked for") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "a", "b*", "--format",
                                     R"({sequence}\t{channel}\t{pattern}\t{hex})", "--count", "2"}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 1 channel and 1 pattern");
    server.publish("a", "x");
    server.publish("bc", "yz");
    CHECK(subscriber.wait().out == "1\ta\t\t78\n2\tbc\tb*\t797a\n");
    CHECK(hail::support::hail({"subscribe", server.address(), "a", "--format", "{nope}"}).code == 64);
}

TEST_CASE("subscribe: a person who follows several channels sees which one a message is from") {
    const RedisServer server;
    Command command = hail_command({"subscribe", server.address(), "a", "b", "--count", "1"});
    command.terminal = Command::Terminal::output;
    Process subscriber(command);
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("b", "text");
    CHECK(mentions(subscriber.wait().out, "b: text"));
}

TEST_CASE("subscribe: the file of -o is written as messages come, and never erased by another run") {
    const RedisServer server;
    const TemporaryDirectory folder;
    const std::string file = folder.path("out");
    const auto receive = [&](const std::vector<std::string>& more, const std::string& payload) {
        std::vector<std::string> words{"subscribe", server.address(), "c", "-o", file};
        words.insert(words.end(), more.begin(), more.end());
        Process subscriber(hail_command(words));
        if (mentions(subscriber.read_error_line().value_or(""), "subscribed")) {
            server.publish("c", payload);
            while (!mentions(read_file(file), payload)) {
            }
            subscriber.signal(SIGINT);
        }
        return subscriber.wait();
    };
    CHECK(receive({}, "one").code == 130);
    CHECK(read_file(file) == "one\n");
    CHECK(receive({}, "two").code == 64);
    CHECK(read_file(file) == "one\n");
    CHECK(receive({"--append", "--count", "5"}, "three").code == 130);
    CHECK(read_file(file) == "one\nthree\n");
    CHECK_FALSE(folder.has("out.part"));
}

TEST_CASE("subscribe: --stats says how many messages came") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--count", "1", "--stats"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("c", "x");
    CHECK(mentions(subscriber.wait().err, "hail: received 1 message in "));
}

TEST_CASE("subscribe: a message over --max-message is skipped with a warning, and the next ones come") {
    const RedisServer server;
    const TemporaryDirectory folder;
    for (const std::string bytes : {"300000", "20"}) {
        Process subscriber(
            hail_command({"subscribe", server.address(), "c", "--max-message", "10", "--count", "1"}));
        REQUIRE(subscriber.read_error_line().has_value());
        const std::string payload(std::stoul(bytes), 'x');
        REQUIRE(run({.argv = hail_command({"publish", server.address(), "c", "--whole"}).argv,
                     .input_file = folder.file("payload", payload)})
                    .code == 0);
        server.publish("c", "small");
        const Outcome end = subscriber.wait();
        CHECK(end.out == "small\n");
        CHECK(mentions(end.err, "a message of " + bytes + " bytes to 'c' is skipped"));
    }
}

TEST_CASE("subscribe: a large message is written as it comes, and called cut if its rest never does") {
    const std::string payload(500'000, 'x');
    const std::string begin =
        "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1000000\r\n";
    Peer peer({{read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("\r\nc\r\n"),
                send(begin + payload), cut()}});
    const Outcome end =
        hail::support::hail({"subscribe", "redis://" + peer.address(""), "c", "--no-reconnect"});
    CHECK(end.code == 8);
    CHECK(end.out == payload + "\n");
    CHECK(mentions(end.err, "the last message is cut"));
}

TEST_CASE("subscribe: JSON is indented and coloured on a terminal, and stays safe there") {
    const RedisServer server;
    Command command = hail_command({"subscribe", server.address(), "c", "--json", "--count", "1"});
    command.terminal = Command::Terminal::output;
    command.environment.emplace_back("TERM", "xterm");
    Process subscriber(command);
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("c", "\xe2\x80\xaetext");
    const std::string out = subscriber.wait().out;
    CHECK(mentions(out, "\x1b[1;34m\"payload\"\x1b[0m"));
    CHECK_FALSE(mentions(out, "\xe2\x80\xae"));
    CHECK(mentions(out, "    "));
}

TEST_CASE("subscribe: keyspace notifications that the server does not publish are said") {
    const RedisServer server;
    const auto warned = [&] {
        Process subscriber(
            hail_command({"subscribe", server.address(), "__keyevent@0__:set", "--count", "1"}));
        const std::string first = subscriber.read_error_line().value_or("");
        if (mentions(first, "subscribed")) {
            server.command({"SET", "key", "x"});
            CHECK(subscriber.wait().out == "key\n");
        }
        return mentions(first, "notify-keyspace-events is ''");
    };
    CHECK(warned());
    server.command({"CONFIG", "SET", "notify-keyspace-events", "KEA"});
    CHECK_FALSE(warned());
}
