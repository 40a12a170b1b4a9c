// publish --request and subscribe --reply.

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

// A service that answers on the channel c with the output of this shell script.
Command service(const RedisServer& server, const std::string& script) {
    return hail_command({"subscribe", server.address(), "c", "--reply", "--exec", "sh", "-c", script});
}

Outcome request(const RedisServer& server, const std::vector<std::string>& more) {
    std::vector<std::string> words{"publish", server.address(), "c", "--request"};
    words.insert(words.end(), more.begin(), more.end());
    return hail::support::hail(words);
}

// A server with so many requests.
Script requests(int count) {
    const std::string asked = "hail-message: 1\nreply-to: r\ncorrelation-id: 7\n\nx";
    std::string sent = "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n";
    for (int i = 0; i < count; ++i) {
        sent +=
            "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$" + std::to_string(asked.size()) + "\r\n" + asked + "\r\n";
    }
    return {read_until("SETNAME"), send("+OK\r\n"), read_until("SUBSCRIBE"), send(sent), stall()};
}

}  // namespace

TEST_CASE("request: each message gets the answer of the program, in its turn") {
    const RedisServer server;
    Process answering(service(server, "printf 'got '; cat"));
    REQUIRE(answering.read_error_line().has_value());
    const Outcome answers = request(server, {"one", "two\nlines", ""});
    CHECK(answers.code == 0);
    CHECK(answers.out == "got one\ngot two\nlines\ngot \n");
}

TEST_CASE("request: a program that fails is exit 1 for the one who asked") {
    const RedisServer server;
    Process answering(service(server, "exit 3"));
    REQUIRE(answering.read_error_line().has_value());
    const Outcome failed = request(server, {"x"});
    CHECK(failed.code == 1);
    CHECK(mentions(failed.err, "asking 'c': the service failed: exit 3"));
    CHECK(mentions(answering.read_error_line().value_or(""), "sh: exit 3 for message 1 of 'c'"));
}

TEST_CASE("request: the first failure ends the command, and names its message") {
    const RedisServer server;
    Process answering(service(server, "read -r word; test \"$word\" != bad && echo $word"));
    REQUIRE(answering.read_error_line().has_value());
    const Outcome failed = request(server, {"good", "bad", "unsent"});
    CHECK(failed.code == 1);
    CHECK(failed.out == "good\n");
    CHECK_MESSAGE(mentions(failed.err, "hail: message 2: asking 'c': the service failed: exit 1"),
                  failed.err);
}

TEST_CASE("request: a dry run shows the requests, and not mere messages") {
    const Outcome shown =
        hail::support::hail({"publish", "localhost:1", "c", "x", "y", "--request", "--dry-run"});
    CHECK(shown.code == 0);
    const std::size_t inbox = shown.out.find("hail.reply.");
    CHECK(inbox > shown.out.find("SUBSCRIBE"));
    const std::string line = "reply-to: " + shown.out.substr(inbox, 11 + 32) + "\n";
    CHECK(shown.out.find(line) < shown.out.rfind(line));
    CHECK(mentions(shown.out, "-2\n\ny\r\n"));
    if (HAIL_WITH_AMQP != 0) {
        const Outcome rabbit =
            hail::support::hail({"publish", "amqp://localhost:1", "q", "x", "--request", "--dry-run"});
        CHECK(rabbit.out.find("amq.rabbitmq.reply-to") < rabbit.out.rfind("amq.rabbitmq.reply-to"));
    }
}

TEST_CASE("request: nobody who listens is exit 1, no answer in time is exit 2") {
    const RedisServer server;
    const Outcome alone = request(server, {"x"});
    CHECK(alone.code == 1);
    CHECK(mentions(alone.err, "nobody listens to this channel"));
    Process deaf(hail_command({"subscribe", server.address(), "c"}));
    REQUIRE(deaf.read_error_line().has_value());
    CHECK(request(server, {"x", "--timeout", "200ms"}).code == 2);
    // The bytes on the channel are those that hail-publish(1) describes.
    CHECK(deaf.read_line() == "hail-message: 1");
    CHECK(deaf.read_line().value_or("").starts_with("reply-to: hail.reply."));
    CHECK(deaf.read_line().value_or("").starts_with("correlation-id: "));
    CHECK(deaf.read_line() == "");
    CHECK(deaf.read_line() == "x");
}

TEST_CASE("request: a program that runs when a signal comes still gives its answer") {
    const RedisServer server;
    const TemporaryDirectory folder;
    REQUIRE(::mkfifo(folder.path("go").c_str(), 0600) == 0);
    Process answering(service(server, "echo begun >&2; cat " + folder.path("go") + "; cat"));
    REQUIRE(answering.read_error_line().has_value());
    Process asking(
        hail_command({"publish", server.address(), "c", "payload", "--request", "--timeout", "20s"}));
    REQUIRE(answering.read_error_line() == "begun");
    answering.signal(SIGTERM);
    std::ofstream(folder.path("go")) << "answer to ";
    CHECK(asking.wait().out == "answer to payload\n");
    CHECK(answering.wait().code == 143);
}

TEST_CASE("request: a message that asks for no answer is handled all the same") {
    const RedisServer server;
    Process answering(service(server, "exit 0"));
    REQUIRE(answering.read_error_line().has_value());
    server.command({"PUBLISH", "c", "x"});
    CHECK(mentions(answering.read_error_line().value_or(""), "did not ask for an answer"));
}

TEST_CASE("request: a stranger without the correlation id is not believed") {
    const RedisServer server;
    const std::string reader =
        "while read -r line; do case $line in reply-to:*) to=${line#reply-to: } ;; esac; done;";
    // The raw bytes, as a program in another language would see and write them.
    Process stranger(hail_command({"subscribe", server.address(), "c", "--exec", "sh", "-c",
                                   reader + " id=; redis-cli -s '" + server.socket().string() +
                                       "' publish \"$to\" \"$(printf 'hail-message: 1\\ncorrelation-id: "
                                       "wrong\\n\\nlie')\" >/dev/null"}));
    REQUIRE(stranger.read_error_line().has_value());
    const Outcome outcome = request(server, {"x", "--timeout", "500ms"});
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
}

TEST_CASE("request: a second signal ends the wait for an answer's confirmation, and nothing is told twice") {
    const Peer peer({requests(1), {read_until("correlation-id: 7"), stall()}});
    Process answering(hail_command(
        {"subscribe", "redis://" + peer.address(""), "c", "--reply", "--exec", "sh", "-c", "exit 3"}));
    std::string line;
    while (!mentions(line, "exit 3 for message 1")) {
        const auto next = answering.read_error_line();
        REQUIRE(next);
        line = *next;
    }
    answering.signal_twice(SIGTERM, SIGTERM);
    const Outcome end = answering.wait();
    CHECK(end.code == 143);
    CHECK_MESSAGE(!mentions(end.err, "exit 3"), end.err);
}

TEST_CASE("request: an answer whose connection breaks is sent again, and the service goes on") {
    const Step read_answer = read_until("correlation-id: 7\n\nx\r\n");
    const Step taken = send(std::string(unknown_hello) + ":1\r\n");
    const Script broken{read_answer, cut()};
    const std::vector<std::string> words{"--count", "3", "--reply", "--exec", "cat"};
    // The second answer: on the connection of the first, then on a new one.
    const Peer good({requests(3),
                     {read_answer, taken, read_answer, cut()},
                     {read_answer, taken, read_answer, send(":1\r\n"), stall()}});
    // The first answer has no connection to begin with, and the second one loses two.
    const Peer bad({requests(3), broken, {read_answer, taken, read_answer, cut()}, broken});
    for (const Peer* const peer : {&good, &bad}) {
        std::vector<std::string> command{"subscribe", "redis://" + peer->address(""), "c"};
        command.insert(command.end(), words.begin(), words.end());
        const Outcome outcome = hail::support::hail(command);
        CHECK_MESSAGE(outcome.code == (peer == &good ? 0 : 8), outcome.err);
        CHECK(mentions(outcome.err, "warning: the answer on 'r' may be lost: publishing to") ==
              (peer == &bad));
    }
}
