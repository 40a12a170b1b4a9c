// The habits of a real Redis server that a client of one node has to know.

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

Outcome publish(const RedisServer& server, const std::vector<std::string>& words) {
    std::vector<std::string> all{"publish", server.address()};
    all.insert(all.end(), words.begin(), words.end());
    return hail::support::hail(all);
}

}  // namespace

TEST_CASE("broker: a message comes once for each channel and pattern that it fits, and is counted so") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "news.a", "news.*", "*.a", "--format",
                                     "{channel} {pattern}", "--count", "3"}));
    REQUIRE(subscriber.read_error_line() == "hail: subscribed to 1 channel and 2 patterns");
    CHECK(publish(server, {"news.a", "x", "--receivers"}).out == "3\n");
    const std::string out = subscriber.wait().out;
    CHECK(mentions(out, "news.a \n"));
    CHECK(mentions(out, "news.a news.*\n"));
    CHECK(mentions(out, "news.a *.a\n"));
}

TEST_CASE("broker: channels are the same in every database, and a wrong database is refused") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address() + "/3", "c", "--count", "1"}));
    REQUIRE(subscriber.read_error_line().has_value());
    CHECK(publish(server, {"c", "x"}).code == 0);
    CHECK(subscriber.wait().out == "x\n");
    const Outcome wrong = hail::support::hail({"publish", server.address() + "/99", "c", "x"});
    CHECK(wrong.code == 1);
    CHECK(mentions(wrong.err, "databases"));
}

TEST_CASE("broker: an idle publisher that the server has cut is connected again silently") {
    const RedisServer server;
    Process publisher(hail_command({"publish", server.address(), "c", "--receivers"}));
    publisher.write("a\n");
    REQUIRE(publisher.read_line() == "0");
    server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    publisher.write("b\n");
    CHECK(publisher.read_line() == "0");
    const Outcome end = publisher.wait();
    CHECK(end.code == 0);
    CHECK(end.err.empty());
}

TEST_CASE("broker: a message over proto-max-bulk-len is refused with the words of the server") {
    const RedisServer server({.arguments = {"--proto-max-bulk-len", "1mb"}});
    const TemporaryDirectory folder;
    Command command = hail_command({"publish", server.address(), "c", "--whole"});
    command.input_file = folder.file("payload", std::string(3'000'000, 'x'));
    const Outcome end = run(command);
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "invalid bulk length"));
}

TEST_CASE("broker: at maxmemory a channel still takes messages, and a stream does not") {
    const RedisServer server({.arguments = {"--maxmemory", "1"}});
    CHECK(publish(server, {"c", "x"}).code == 0);
    const Outcome stream = publish(server, {"c", "x", "--stream"});
    CHECK(stream.code == 1);
    CHECK(mentions(stream.err, "maxmemory"));
}

TEST_CASE("broker: a full server is told, and --wait-server waits for a free place") {
    const RedisServer server({.arguments = {"--maxclients", "1"}});
    Process subscriber(hail_command({"subscribe", server.address(), "c"}));
    REQUIRE(subscriber.read_error_line().has_value());
    CHECK(publish(server, {"c", "x"}).code == 1);
    Process publisher(hail_command({"publish", server.address(), "c", "x", "--wait-server", "20s"}));
    CHECK(mentions(publisher.read_error_line().value_or(""), "max number of clients"));
    subscriber.signal(SIGINT);
    CHECK(subscriber.wait().code == 130);
    CHECK(publisher.wait().code == 0);
}

TEST_CASE("broker: a server that pauses its writers keeps a publisher waiting, and loses nothing") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--count", "2"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.command({"CLIENT", "PAUSE", "100000", "WRITE"});
    Process publisher(hail_command({"publish", server.address(), "c"}));
    publisher.write("a\nb\n");
    publisher.close_input();
    while (!mentions(server.command({"INFO", "clients"}), "blocked_clients:1")) {
    }
    server.command({"CLIENT", "UNPAUSE"});
    CHECK(publisher.wait().code == 0);
    CHECK(subscriber.wait().out == "a\nb\n");
}

TEST_CASE("broker: a user who is deleted loses the subscription, and is not tried for ever") {
    const RedisServer server;
    server.command({"ACL", "SETUSER", "guest", "on", ">pw", "allchannels", "+@all"});
    Process subscriber(
        hail_command({"subscribe", "redis://guest:pw@localhost:" + std::to_string(server.port()), "c"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.command({"ACL", "DELUSER", "guest"});
    const std::string lost = subscriber.read_error_line().value_or("");
    CHECK(mentions(lost, "messages may have been lost"));
    CHECK(mentions(lost, "rights that were taken away"));
    const Outcome end = subscriber.wait();
    CHECK(end.code == 1);
    CHECK(mentions(end.err, "WRONGPASS"));
}
