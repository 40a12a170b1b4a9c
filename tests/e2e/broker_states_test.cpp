// States of a real server that pass: --wait-server waits for their end.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

TEST_CASE("broker: a server that is loading its data is waited for") {
    const RedisServer server(
        {.arguments = {"--enable-debug-command", "yes", "--loading-process-events-interval-bytes", "1024"}});
    server.command({"DEBUG", "POPULATE", "1000", "key", "100"});
    server.command({"CONFIG", "SET", "key-load-delay", "20000"});  // microseconds
    Process reload({{"redis-cli", "-s", server.socket().string(), "DEBUG", "RELOAD"}});
    while (!mentions(server.command({"PING"}), "LOADING")) {
    }
    Process publisher(
        hail_command({"publish", server.address(), "s", "x", "--stream", "--wait-server", "20s"}));
    const std::string said = publisher.read_error_line().value_or("");
    CHECK(mentions(said, "LOADING Redis is loading the dataset in memory; trying again for up to 20 s"));
    server.command({"CONFIG", "SET", "key-load-delay", "0"});
    CHECK(publisher.wait().code == 0);
    CHECK(mentions(server.command({"XLEN", "s"}), "1"));
}

TEST_CASE("broker: nobody is waited for longer than --timeout allows") {
    const std::string nobody = "127.0.0.1:" + std::to_string(free_port());
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"publish", "redis://" + nobody, "c", "x"},
             {"publish", "redis://" + nobody, "c", "x", "--wait-receivers", "1h"},
             {"publish", "redis://" + nobody, "c", "x", "--request"},
             {"subscribe", "redis://" + nobody, "c"}}) {
        for (const std::vector<std::string>& wait :
             {std::vector<std::string>{"--wait-server", "1h"}, {"--retry", "1000"}}) {
            std::vector<std::string> words = command;
            words.insert(words.end(), {"--timeout", "100ms"});
            words.insert(words.end(), wait.begin(), wait.end());
            const Outcome end = run(hail_command(words));
            INFO(end.err);
            CHECK(end.code == 7);
            CHECK(mentions(end.err, "Connection refused"));
            CHECK(mentions(end.err, "trying again") == (wait.front() == "--wait-server"));
        }
    }
}

TEST_CASE("broker: a replica that has lost its master is waited for") {
    const std::string nobody = std::to_string(free_port());
    const RedisServer server(
        {.arguments = {"--replicaof", "127.0.0.1 " + nobody, "--replica-serve-stale-data", "no"}});
    Process subscriber(hail_command({"subscribe", server.address(), "s", "--stream", "--from", "start",
                                     "--count", "1", "--wait-server", "20s"}));
    const std::string said = subscriber.read_error_line().value_or("");
    CHECK(mentions(said, "MASTERDOWN"));
    CHECK(mentions(said, "trying again for up to 20 s"));
    server.command({"REPLICAOF", "NO", "ONE"});
    server.command({"XADD", "s", "*", "payload", "text"});
    const Outcome end = subscriber.wait();
    CHECK(end.code == 0);
    CHECK(end.out == "text\n");
}

TEST_CASE("broker: a cluster that is down is waited for") {
    const RedisServer server(
        {.arguments = {"--cluster-enabled", "yes", "--cluster-port", std::to_string(free_port())}});
    const Outcome refused = hail::support::hail({"publish", server.address(), "s", "x", "--stream"});
    CHECK(refused.code == 1);
    CHECK(mentions(refused.err, "CLUSTERDOWN"));
    CHECK(mentions(refused.err, "--wait-server"));
    Process publisher(
        hail_command({"publish", server.address(), "s", "x", "--stream", "--wait-server", "20s"}));
    CHECK(mentions(publisher.read_error_line().value_or(""), "CLUSTERDOWN"));
    server.command({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
    CHECK(publisher.wait().code == 0);
}
