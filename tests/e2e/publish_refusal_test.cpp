#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

// publish with so many lines on stdin.
Outcome publish_lines(const std::string& address, const std::string& channel, int count) {
    const TemporaryDirectory directory;
    std::string lines;
    for (int i = 1; i <= count; ++i) {
        lines += std::to_string(i) + "\n";
    }
    Command command = hail_command({"publish", address, channel});
    command.input_file = directory.file("lines", lines);
    return run(command);
}

auto line_count(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

const char* const guest = "redis://guest:secret@localhost:";

RedisServer guarded() {
    return RedisServer(
        {.arguments = {"--user", "guest", "on", ">secret", "resetchannels", "&open*", "+@all"}});
}

}  // namespace

TEST_CASE("publish: a reply that leaves no hope ends the run with one line and a hint") {
    const RedisServer locked({.arguments = {"--requirepass", "secret"}});
    const RedisServer renamed({.arguments = {"--rename-command", "PUBLISH", ""}});
    for (const RedisServer* server : {&locked, &renamed}) {
        const Outcome end = publish_lines(server->address(), "c", 200'000);
        CHECK(end.code == 1);
        CHECK(line_count(end.err) == 2);
        CHECK(end.err.starts_with("hail: input line 1: publishing to redis://localhost"));
        CHECK(mentions(end.err, " more like it\n"));
        CHECK_FALSE(mentions(end.err, ", unknown"));
    }
}

TEST_CASE("publish: messages after a hopeless reply count as refused when the server cuts the connection") {
    const Peer peer({{read_until("\r\nfour\r\n"),
                      send(std::string(unknown_hello) + "-NOAUTH Authentication required.\r\n"), cut()}});
    const Outcome end = hail::support::hail({"publish", peer.address(""), "c"}, "one\ntwo\nthree\nfour\n");
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "NOAUTH Authentication required., and 3 more like it\n"));
    CHECK_FALSE(mentions(end.err, "unknown"));
}

TEST_CASE("publish: rights that are revoked during the run leave a line to resume at") {
    const Peer peer(
        {{read_until("\r\nfour\r\n"), send(":0\r\n-NOAUTH Authentication required.\r\n"), cut()}});
    const Outcome end = hail::support::hail({"publish", peer.address(""), "c"}, "one\ntwo\nthree\nfour\n");
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "hail: read 4, accepted 1, refused 3, unknown 0; resume at input line 2\n"));
}

TEST_CASE("publish: NOPERM names the channel, and ends the run if there is only one") {
    const RedisServer server = guarded();
    const std::string address = guest + std::to_string(server.port());
    const Outcome one = publish_lines(address, "shut", 200'000);
    CHECK(one.code == 1);
    CHECK(line_count(one.err) == 2);
    CHECK(mentions(one.err, ", channel 'shut': NOPERM"));
    const Outcome many = hail::support::hail({"publish", address, "-", "--json"},
                                             "{\"channel\":\"shut1\",\"payload\":\"x\"}\n"
                                             "{\"channel\":\"open1\",\"payload\":\"x\"}\n"
                                             "{\"channel\":\"shut2\",\"payload\":\"x\"}\n");
    CHECK(many.code == 1);
    CHECK(mentions(many.err, "input line 1: publishing to"));
    CHECK(mentions(many.err, ", channel 'shut1': NOPERM"));
    CHECK(mentions(many.err, "input line 3: publishing to"));
    CHECK(mentions(many.err, ", channel 'shut2': NOPERM"));
}

TEST_CASE("publish: with -q and as JSON, equal error replies are counted too") {
    for (const std::vector<std::string>& form :
         {std::vector<std::string>{"-q"}, {"--error-format", "json"}}) {
        const Peer peer(
            {{read_until("\r\nb\r\n"),
              send(std::string(unknown_hello) + "-OOM command not allowed\r\n-OOM command not allowed\r\n"),
              stall()}});
        std::vector<std::string> words{"publish", peer.address(""), "c"};
        words.insert(words.end(), form.begin(), form.end());
        const Outcome end = hail::support::hail(words, "a\nb\n");
        CHECK(end.code == 1);
        const std::string more = "and 1 more like it, the last at input line 2";
        CHECK_MESSAGE(mentions(end.err, form.size() == 1
                                            ? "hail: " + more + "\n"
                                            : R"({"error":"refused","exit":1,"message":")" + more + "\"}\n"),
                      end.err);
    }
}

TEST_CASE("publish: a full server in mid-run refuses one message, whatever it told others") {
    const Peer peer(
        {{read_until("\r\nc\r\n"),
          send(std::string(unknown_hello) + ":0\r\n-ERR max number of clients reached\r\n:0\r\n"), stall()}});
    const Outcome end = hail::support::hail({"publish", peer.address(""), "c"}, "a\nb\nc\n");
    CHECK(end.code == 1);
    CHECK_MESSAGE(mentions(end.err, "hail: input line 2: publishing to"), end.err);
    CHECK(!mentions(end.err, "not sent"));
}

TEST_CASE("publish: equal error replies are counted instead of repeated") {
    const Peer peer(
        {{read_until("\r\nfive\r\n"),
          send(std::string(unknown_hello) + "-OOM command not allowed\r\n-OOM command not allowed\r\n:0\r\n"
                                            "-OOM command not allowed\r\n-ERR other\r\n"),
          stall()}});
    const Outcome end =
        hail::support::hail({"publish", peer.address(""), "c"}, "one\ntwo\nthree\nfour\nfive\n");
    CHECK(end.code == 1);
    CHECK(line_count(end.err) == 4);
    CHECK(mentions(end.err, "hail: input line 1: publishing to"));
    CHECK(mentions(end.err, "hail: and 2 more like it, the last at input line 4\n"));
    CHECK(mentions(end.err, "hail: input line 5: publishing to"));
}

TEST_CASE("publish: --quiet hides no failure, and each is an object of JSON if that is asked for") {
    const Script script{
        read_until("\r\nthree\r\n"),
        send(std::string(unknown_hello) + "-OOM not allowed\r\n-OOM not allowed\r\n-OOM not allowed\r\n"),
        stall()};
    const Peer peer({script, script});
    const Outcome quiet = hail::support::hail({"publish", peer.address(""), "c", "-q"}, "one\ntwo\nthree\n");
    CHECK(mentions(quiet.err, "hail: and 2 more like it, the last at input line 3\n"));
    const Outcome json = hail::support::hail({"publish", peer.address(""), "c", "--error-format", "json"},
                                             "one\ntwo\nthree\n");
    CHECK(
        mentions(json.err,
                 R"({"error":"refused","exit":1,"message":"and 2 more like it, the last at input line 3"})"));
}
