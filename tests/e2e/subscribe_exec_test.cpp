#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

TEST_CASE("subscribe --exec: a program gets the payload on stdin and the rest in its environment") {
    const RedisServer server;
    const std::string script =
        "cat; echo \" $HAIL_MESSAGE_CHANNEL $HAIL_MESSAGE_PATTERN $HAIL_MESSAGE_SEQUENCE $0 $1\"";
    Process subscriber(hail_command({"subscribe", server.address(), "a", "b*", "--count", "2", "--exec", "sh",
                                     "-c", script, "--json", "$HOME"}));
    REQUIRE(subscriber.read_error_line().has_value());
    server.publish("a", "it's \"one\"");
    server.publish("bc", "two");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == "it's \"one\" a  1 --json $HOME\ntwo bc b* 2 --json $HOME\n");
}

TEST_CASE("subscribe --exec: a program gets the variables of its own message alone") {
    const RedisServer server;
    server.command({"XADD", "jobs", "1-1", "payload", "x"});
    Command command =
        hail_command({"subscribe", server.address(), "jobs", "--stream", "--from", "start", "--until-end",
                      "--exec", "sh", "-c", "echo \"$HAIL_MESSAGE_CHANNEL $HAIL_MESSAGE_REDELIVERED\""});
    // As for a program that an --exec of hail has started.
    command.environment = {{"HAIL_MESSAGE_REDELIVERED", "1"}, {"HAIL_MESSAGE_CHANNEL", "outer"}};
    CHECK(run(command).out == "jobs \n");
}

TEST_CASE("subscribe --exec: a failed program is reported with its status, and the run ends with 10") {
    const RedisServer server;
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--count", "3", "--exec", "sh", "-c",
                                     "read -r word; test \"$word\" != bad || exit 3"}));
    REQUIRE(subscriber.read_error_line().has_value());
    for (const char* word : {"good", "bad", "good"}) {
        server.publish("c", word);
    }
    const Outcome end = subscriber.wait();
    CHECK(end.code == 10);
    CHECK(mentions(end.err, "sh: exit 3 for message 2 of 'c'"));
}

TEST_CASE(
    "subscribe --exec: a failed program is told in spite of --quiet, and as JSON if that is asked for") {
    const RedisServer server;
    server.command({"XADD", "jobs", "1-1", "payload", "bad"});
    const auto run = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"subscribe", server.address(), "jobs", "--stream", "--from", "start"});
        more.insert(more.end(), {"--until-end", "--exec", "false"});
        return hail::support::hail(more);
    };
    CHECK(mentions(run({"-q"}).err, "false: exit 1 for message 1 of 'jobs'\n"));
    CHECK(mentions(run({"--error-format", "json"}).err, R"({"error":"unexpected","exit":10,"message":")"));
}

TEST_CASE("subscribe --exec: --jobs runs channels side by side, and each of them in order") {
    const RedisServer server;
    const TemporaryDirectory folder;
    // A program of channel a ends only once one of channel b has run.
    const std::string program =
        "read -r word; if [ \"$HAIL_MESSAGE_CHANNEL\" = a ]; then "
        "until [ -e '" +
        folder.path("b") + "' ]; do :; done; else : > '" + folder.path("b") + "'; fi; echo $word >> '" +
        folder.path("log") + "'";
    Process subscriber(hail_command({"subscribe", server.address(), "a", "b", "--count", "4", "--jobs", "2",
                                     "--exec", "sh", "-c", program}));
    REQUIRE(subscriber.read_error_line().has_value());
    for (const auto& [channel, payload] :
         {std::pair{"a", "a1"}, std::pair{"a", "a2"}, std::pair{"a", "a3"}, std::pair{"b", "b1"}}) {
        server.publish(channel, payload);
    }
    CHECK(subscriber.wait().code == 0);
    std::string log = read_file(folder.path("log"));
    log.erase(log.find("b1\n"), 3);
    CHECK(log == "a1\na2\na3\n");
}

TEST_CASE("subscribe --exec: the end of each program is noticed, however many run") {
    const RedisServer server;
    const TemporaryDirectory folder;
    // A program of channel z ends only once everything is published, the others after both of channel z.
    const auto until = [&](const char* name) {
        return "until [ -e '" + folder.path(name) + "' ]; do sleep 0.01; done";
    };
    const std::string program = "read -r word; case $word in wait) " + until("go") + " ;; first) " +
                                until("sent") + " ;; last) : > '" + folder.path("go") +
                                "'; echo done ;; esac";
    std::vector<std::string> words{"subscribe", server.address()};
    const std::string waiting = "abcdefgh";
    for (const char name : waiting) {
        words.emplace_back(1, name);
    }
    words.insert(words.end(), {"z", "--count", "11", "--jobs", "9", "--exec", "sh", "-c", program});
    Command command = hail_command(words);
    command.limit = hail::base::Milliseconds(10'000);  // PING wakes it after 15 s
    Process subscriber(command);
    REQUIRE(subscriber.read_error_line().has_value());
    for (const char name : waiting) {
        server.publish(std::string(1, name), "wait");
    }
    server.publish("z", "first");
    server.publish("z", "last");
    folder.file("sent", "");
    CHECK(subscriber.read_line() == "done");
    server.publish("z", "end");
    CHECK(subscriber.wait().code == 0);
}

TEST_CASE("subscribe --exec: messages that were received are handled before a signal ends the run") {
    const RedisServer server;
    const TemporaryDirectory folder;
    Process subscriber(hail_command({"subscribe", server.address(), "c", "--exec", "sh", "-c",
                                     ": > '" + folder.path("begun") + "'; until [ -e '" + folder.path("go") +
                                         "' ]; do :; done; cat; echo"}));
    REQUIRE(subscriber.read_error_line().has_value());
    for (const char* word : {"1", "2", "3"}) {
        server.publish("c", word);
    }
    while (!folder.has("begun")) {
    }
    subscriber.signal(SIGTERM);
    folder.file("go", "");
    const Outcome end = subscriber.wait();
    CHECK(end.code == 143);
    CHECK(end.out.starts_with("1\n"));
}

TEST_CASE("subscribe --exec: a program that is missing is found out before anything is sent") {
    const Outcome missing =
        hail::support::hail({"subscribe", "localhost:1", "c", "--exec", "no-such-program-here"});
    CHECK(missing.code == 66);
    CHECK(mentions(missing.err, "sh -c"));
    CHECK(hail::support::hail({"subscribe", "localhost:1", "c", "--exec"}).code == 64);
    CHECK(hail::support::hail({"subscribe", "localhost:1", "c", "--json", "--exec", "cat"}).code == 64);
    CHECK(hail::support::hail({"subscribe", "localhost:1", "c", "--jobs", "2"}).code == 64);
}
