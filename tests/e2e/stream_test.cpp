#include <doctest/doctest.h>

#include <csignal>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/chaos.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string numbers(int first, int last) {
    std::string lines;
    for (int i = first; i <= last; ++i) {
        lines += std::to_string(i) + "\n";
    }
    return lines;
}

void append(const RedisServer& server, const std::string& key, const std::string& lines) {
    REQUIRE(hail::support::hail({"publish", server.address(), key, "--stream"}, lines).code == 0);
}

std::vector<std::string> reading(const RedisServer& server, std::vector<std::string> options) {
    std::vector<std::string> words{"subscribe", server.address(), "s", "--stream", "--until-end"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
}

// All that is there for this member of the group g.
Outcome take(const RedisServer& server, const std::string& consumer, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"--group", "g", "--consumer", consumer, "--from", "start"});
    return hail::support::hail(reading(server, options));
}

std::string pending_count(const RedisServer& server) {
    return lines_of(server.command({"XPENDING", "s", "g"})).at(0);
}

}  // namespace

TEST_CASE("streams: messages that were appended before are read from the start, in order") {
    const RedisServer server;
    append(server, "s", "one\ntwo\n\nlast");
    const Outcome end = hail::support::hail(reading(server, {"--from", "start"}));
    CHECK(end.code == 0);
    CHECK(end.out == "one\ntwo\n\nlast\n");
    CHECK(hail::support::hail(reading(server, {"--from", "0-1", "--count", "2"})).out == "one\ntwo\n");
}

TEST_CASE("streams: a reading begins at the end by default, and of several streams") {
    const RedisServer server;
    append(server, "s", "old\n");
    Process subscriber(
        hail_command({"subscribe", server.address(), "s", "t", "--stream", "--count", "2", "--json"}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 2 streams");
    append(server, "s", "new\n");
    const auto first = subscriber.read_line();
    append(server, "t", "other\n");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(mentions(first.value_or(""), R"("channel":"s")"));
    CHECK(mentions(first.value_or(""), R"("payload":"new")"));
    CHECK(mentions(end.out, R"("channel":"t")"));
}

TEST_CASE("streams: after a lost connection the reading goes on without a gap") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "s", "--stream", "--count", "4"}));
    REQUIRE(subscriber.read_error_line().has_value());
    append(server, "s", "1\n2\n");
    CHECK(subscriber.read_line() == "1");
    CHECK(subscriber.read_line() == "2");
    server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    server.command({"XADD", "s", "*", "payload", "3"});
    server.command({"XADD", "s", "*", "payload", "4"});
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == "3\n4\n");
    CHECK(mentions(end.err, "nothing was missed"));
}

TEST_CASE("streams: a message that a program handles is not delivered again after a lost connection") {
    const RedisServer server;
    append(server, "s", "1\n");
    const std::string address = "redis://127.0.0.1:" + std::to_string(server.port());
    Process subscriber(
        hail_command({"subscribe", address, "s", "--stream", "--group", "g", "--from", "start", "--count",
                      "2", "--exec", "sh", "-c", "cat; echo; redis-cli -s \"$1\" BLPOP go 20 > /dev/null",
                      "sh", server.socket().string()}));
    CHECK(subscriber.read_line() == "1");
    server.command(
        {"CLIENT", "KILL", "TYPE", "normal", "LADDR", "127.0.0.1:" + std::to_string(server.port())});
    server.command({"XADD", "s", "*", "payload", "2"});
    std::string said = subscriber.read_error_line().value_or("");
    while (!said.empty() && !mentions(said, "nothing was missed")) {
        said = subscriber.read_error_line().value_or("");
    }
    CHECK(mentions(said, "nothing was missed"));
    server.command({"RPUSH", "go", "1", "2"});
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == "2\n");
    CHECK(pending_count(server) == "0");
}

TEST_CASE("streams: a group shares the messages, and acknowledges them once they are printed") {
    const RedisServer server;
    append(server, "s", numbers(1, 500));
    CHECK(take(server, "a", {"--count", "200"}).out == numbers(1, 200));
    CHECK(take(server, "b").out == numbers(201, 500));
    CHECK(pending_count(server) == "0");
    CHECK(take(server, "a").out == "");
}

TEST_CASE("streams: a message whose program fails stays pending, and comes first to the same consumer") {
    const RedisServer server;
    append(server, "s", "1\n2\n");
    const Outcome failed = take(server, "a", {"--count", "1", "--exec", "false"});
    CHECK(failed.code == 10);
    CHECK(pending_count(server) == "1");
    const Outcome other = take(server, "b");
    CHECK(other.out == "2\n");
    const Outcome again = take(server, "a", {"--json"});
    CHECK(mentions(again.out, R"("deliveries":2,"payload":"1"})"));
    CHECK(pending_count(server) == "0");
}

TEST_CASE("streams: messages of a consumer that is gone are taken over") {
    const RedisServer server;
    append(server, "s", numbers(1, 250));
    REQUIRE(take(server, "dead", {"--exec", "false", "-q"}).code == 10);
    CHECK(take(server, "b").out == "");
    CHECK(take(server, "b", {"--claim-after", "1ms"}).out == numbers(1, 250));
    CHECK(pending_count(server) == "0");
    CHECK(mentions(server.command({"XINFO", "CONSUMERS", "s", "g"}), "dead"));
}

TEST_CASE("streams: a message that was delivered too often is given up, reported and acknowledged") {
    const RedisServer server;
    append(server, "s", "bad\n");
    REQUIRE(take(server, "a", {"--exec", "false"}).code == 10);
    const Outcome second = take(server, "a", {"--exec", "false", "--max-deliveries", "2"});
    CHECK(second.code == 10);
    const Outcome third = take(server, "a", {"--max-deliveries", "2", "--json", "--events"});
    CHECK(third.code == 0);
    CHECK(mentions(third.out, R"({"event":"missing","why":"given-up","channel":"s","id":")"));
    CHECK(mentions(third.out, R"("deliveries":2})"));
    CHECK(mentions(third.err, "is given up after 2 deliveries"));
    CHECK(pending_count(server) == "0");
}

TEST_CASE("streams: a pending message that was deleted is reported as lost") {
    const RedisServer server;
    append(server, "s", "1\n2\n3\n");
    REQUIRE(take(server, "a", {"--exec", "false"}).code == 10);
    server.command({"XTRIM", "s", "MAXLEN", "1"});
    const Outcome claimed = take(server, "b", {"--claim-after", "1ms", "--fail-on-gap"});
    CHECK(claimed.code == 8);
    CHECK(mentions(claimed.err, "is lost: it was deleted before it was handled"));
    const Outcome rest = take(server, "a", {"--claim-after", "1ms"});
    CHECK(rest.out + claimed.out == "3\n");
    CHECK(pending_count(server) == "0");
}

TEST_CASE("streams: entries that were trimmed before they were read are counted") {
    const RedisServer server;
    append(server, "s", "1\n2\n");
    REQUIRE(take(server, "a").out == "1\n2\n");
    append(server, "s", "3\n4\n5\n6\n");
    server.command({"XTRIM", "s", "MAXLEN", "1"});
    const Outcome end = take(server, "a");
    CHECK(end.code == 0);
    CHECK(end.out == "6\n");
    CHECK(mentions(end.err, "3 entries of 's' are lost: removed from the stream before being read"));
    CHECK_FALSE(mentions(take(server, "a").err, "lost"));
}

TEST_CASE("streams: a group or a stream that was deleted is made again, and nothing is passed over") {
    const RedisServer server;
    std::string count = "3";
    std::string rest = "2\n3\n";
    SUBCASE("the stream") {}
    SUBCASE("the group: what was acknowledged is not known any more") {
        count = "4";
        rest = "1\n2\n3\n";
    }
    Process subscriber(
        hail_command({"subscribe", server.address(), "s", "--stream", "--group", "g", "--count", count}));
    REQUIRE(subscriber.read_error_line().has_value());
    append(server, "s", "1\n");
    CHECK(subscriber.read_line() == "1");
    if (count == "3") {
        server.command({"DEL", "s"});
    } else {
        server.command({"XGROUP", "DESTROY", "s", "g"});
    }
    append(server, "s", "2\n3\n");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == rest);
    CHECK(mentions(end.err, "was gone: it is made again"));
}

TEST_CASE("streams: a key of another type, and options that make no sense") {
    const RedisServer server;
    server.command({"SET", "s", "text"});
    const Outcome end = hail::support::hail(reading(server, {"--from", "start"}));
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "WRONGTYPE"));
    CHECK(take(server, "a").code == 1);
    CHECK(hail::support::hail({"publish", server.address(), "s", "x", "--stream"}).code == 1);
    CHECK(hail::support::hail(reading(server, {})).code == 64);
    CHECK(hail::support::hail(reading(server, {"--from", "x"})).code == 64);
    CHECK(hail::support::hail(reading(server, {"--from", "start", "--consumer", "c"})).code == 64);
    CHECK(hail::support::hail({"subscribe", server.address(), "s", "--group", "g"}).code == 64);
    CHECK(hail::support::hail({"publish", server.address(), "s", "x", "--maxlen", "3"}).code == 64);
    CHECK(
        hail::support::hail({"publish", server.address(), "s", "x", "--stream", "--id-from", "json"}).code ==
        64);
}

TEST_CASE("streams: --id-from line does not add a message twice") {
    const RedisServer server;
    const std::vector<std::string> call{"publish", server.address(), "s", "--stream", "--id-from", "line"};
    CHECK(hail::support::hail(call, "a\nb\n").code == 0);
    const Outcome again = hail::support::hail(call, "a\nb\nc\n");
    CHECK(again.code == 0);
    CHECK(mentions(again.err, "2 messages were not added again"));
    CHECK(hail::support::hail(reading(server, {"--from", "start"})).out == "a\nb\nc\n");
}

TEST_CASE("streams: --maxlen trims, and a capture restores ids, fields and binary payloads") {
    const RedisServer server;
    server.command({"XADD", "s", "1700000000005-1", "payload", "text", "kind", "a"});
    server.command({"XADD", "s", "1700000000006-0", "only", "field"});
    server.command({"XADD", "s", "1700000000007-0", "twice", "1", "twice", "2", "payload", "p\xff"});
    const std::string capture = hail::support::hail(reading(server, {"--from", "start", "--json"})).out;
    CHECK(mentions(capture, R"({"time":"2023-11-14T22:13:20.005000Z","channel":"s")"));
    CHECK(mentions(capture,
                   R"("id":"1700000000005-1","deliveries":1,"payload":"text","fields":{"kind":"a"}})"));
    server.command({"DEL", "s"});
    const Outcome replay = hail::support::hail(
        {"publish", server.address(), "-", "--stream", "--json", "--id-from", "json"}, capture);
    CHECK(replay.code == 0);
    CHECK(hail::support::hail(reading(server, {"--from", "start", "--json"})).out == capture);
    const RedisServer small;
    REQUIRE(hail::support::hail({"publish", small.address(), "s", "--stream", "--maxlen", "100"},
                                numbers(1, 2000))
                .code == 0);
    CHECK(std::stoi(small.command({"XLEN", "s"})) < 1000);
}

TEST_CASE("streams: consumers that are killed lose nothing") {
    const RedisServer server;
    constexpr std::size_t count = 8000;  // more than five readers can have in their pipes
    server.command({"XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"});
    for (std::size_t first = 1; first < count; first += 500) {
        append(server, "s", chaos::lines(first, first + 499));
    }
    std::set<std::string> seen;
    const auto note = [&](const std::string& text) {
        for (const std::string& line : lines_of(text)) {
            if (line.ends_with('.')) {  // the last one of a killed process may be cut
                seen.insert(line);
            }
        }
    };
    for (int kill = 0; kill < 4; ++kill) {
        Process consumer(hail_command(
            {"subscribe", server.address(), "s", "--stream", "--group", "g", "--consumer", "same"}));
        for (int i = 0; i < 50; ++i) {
            note(consumer.read_line().value_or(""));
        }
        consumer.signal(SIGKILL);
        note(consumer.wait().out);
    }
    note(take(server, "same").out);
    CHECK(seen.size() == count);
    CHECK(pending_count(server) == "0");
}

TEST_CASE("streams: a reply of the wrong shape is exit 9") {
    Peer peer({{read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("MKSTREAM\r\n"),
                send("+OK\r\n"), read_until("XPENDING"), send("*1\r\n*1\r\n$3\r\n1-0\r\n"), stall()}});
    const Outcome end = hail::support::hail(
        {"subscribe", "redis://" + peer.address(""), "s", "--stream", "--group", "g", "--no-reconnect"});
    CHECK(end.code == 9);
    CHECK(mentions(end.err, "a pending entry of the wrong shape"));
}

TEST_CASE("streams: --until-end ends although a producer is faster than the reader") {
    const RedisServer server;
    append(server, "s", numbers(1, 3000));
    const std::string binary = hail_command({}).argv.at(0);
    const Process producer({{"sh", "-c", "yes more | \"$1\" publish \"$2\" s --stream --maxlen 100000", "sh",
                             binary, server.address()}});
    while (std::stoi(server.command({"XLEN", "s"})) < 4000) {
    }
    const Outcome alone = hail::support::hail(reading(server, {"--from", "start"}));
    CHECK(alone.code == 0);
    CHECK((alone.out.starts_with(numbers(1, 3000)) || mentions(alone.err, "lost")));
    const Outcome in_group = take(server, "a");
    CHECK(in_group.code == 0);
    CHECK(mentions(in_group.out, "more\n"));
    CHECK(pending_count(server) == "0");
}

TEST_CASE(
    "streams: an entry that another consumer takes over in the same moment is neither lost nor "
    "acknowledged") {
    const auto pending = [](const std::string& consumer) {
        return "*1\r\n*4\r\n$3\r\n1-0\r\n$1\r\n" + consumer + "\r\n:0\r\n:1\r\n";
    };
    for (const std::string owner : {"b", "a"}) {
        Peer peer({{read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("MKSTREAM\r\n"),
                    send("+OK\r\n"), read_until("XPENDING"), send("*0\r\n"), read_until("JUSTID\r\n"),
                    send("*3\r\n$3\r\n0-0\r\n*1\r\n$3\r\n1-0\r\n*0\r\n"), read_until("XPENDING"),
                    send(pending("a")), read_until("XCLAIM"), send(pending(owner) + "*0\r\n"),
                    read_until("XINFO"), send("-ERR no such key\r\n"), read_until("XREADGROUP"), cut()}});
        const Outcome end = hail::support::hail({"subscribe", "redis://" + peer.address(""), "s", "--stream",
                                                 "--group", "g", "--consumer", "a", "--no-reconnect"});
        std::string sent;
        for (const Received& received : peer.received()) {
            sent += received.head;
        }
        CHECK(mentions(end.err, "is lost: it was deleted") == (owner == "a"));
        CHECK(mentions(sent, "XACK") == (owner == "a"));
    }
}
