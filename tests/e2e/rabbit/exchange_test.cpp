#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// Listening to exchanges, through temporary queues and durable ones.

using namespace hail::support;

namespace {

void publish(const RabbitServer& server, const std::string& channel, const std::string& payload,
             const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"publish", server.address(), channel, payload, "--allow-unroutable"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = rabbit_hail(words);
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
}

}  // namespace

TEST_CASE("rabbit exchange: the keys of a topic, each message once") {
    const RabbitServer server;
    const RabbitExchange exchange(server, "logs", "topic");
    RabbitListener listener({server.address(), exchange + "/app.*.error", exchange + "/app.#",
                             exchange + "/db", "--format", "{routing_key} {payload}", "--count", "4"});
    publish(server, exchange + "/app.a.error", "1");
    publish(server, exchange + "/app", "2");
    publish(server, exchange + "/apps", "not this");
    publish(server, exchange + "/db.x", "nor this");
    publish(server, exchange + "/db", "3");
    publish(server, exchange + "/app.a.b.c", "4");
    CHECK(listener.process.wait().out == "app.a.error 1\napp 2\ndb 3\napp.a.b.c 4\n");
}

TEST_CASE("rabbit exchange: headers match all or any, and a fanout has an empty key") {
    const RabbitServer server;
    RabbitListener all({server.address(), "amq.headers/", "--bind-header", "kind:a", "--bind-header", "n:=7",
                        "--count", "1"});
    RabbitListener any({server.address(), "amq.headers/", "--bind-header", "kind:a", "--bind-header", "n:=7",
                        "--match", "any", "--count", "2"});
    publish(server, "amq.headers/ignored", "one", {"-H", "kind:a"});
    publish(server, "amq.headers/", "both", {"-H", "kind:a", "-H", "n:=7"});
    CHECK(all.process.wait().out == "both\n");
    CHECK(any.process.wait().out == "one\nboth\n");

    const RabbitExchange exchange(server, "fanout", "fanout");
    RabbitListener fanout({server.address(), exchange + "/", "--json", "--count", "1"});
    publish(server, exchange + "/", "all");
    const std::string out = fanout.process.wait().out;
    CHECK_MESSAGE(mentions(out, R"("channel":")" + exchange + R"(/","exchange":")" + exchange +
                                    R"(","routing_key":"","properties":)"),
                  out);
}

TEST_CASE("rabbit exchange: a missing exchange and a missing right are told") {
    const RabbitServer server;
    const Outcome missing = rabbit_hail({"subscribe", server.address(), "nope/#"});
    CHECK(missing.code == 1);
    CHECK_MESSAGE(mentions(missing.err, "no exchange 'nope' in vhost '/'"), missing.err);
    CHECK_MESSAGE(mentions(missing.err, "--declare makes it"), missing.err);
    const Outcome forbidden = rabbit_hail({"subscribe", server.address("reader:secret"), "amq.topic/#"});
    CHECK(forbidden.code == 1);
    CHECK_MESSAGE(mentions(forbidden.err, "amq.gen"), forbidden.err);
    CHECK_MESSAGE(mentions(forbidden.err, "refused"), forbidden.err);
}

TEST_CASE("rabbit exchange: a durable queue collects while nobody listens, and expires one day") {
    const RabbitServer server;
    const RabbitQueue queue(server, "tap", RabbitQueue::undeclared);
    const std::string channel = "amq.topic/" + queue + ".#";
    const std::vector<std::string> words{server.address(), channel, "--queue-name", queue,
                                         "--expires",      "10m"};
    {
        RabbitListener listener(words);
        listener.process.signal(SIGKILL);
        CHECK(listener.process.wait().signal == SIGKILL);
    }
    publish(server, "amq.topic/" + queue + ".a", "meanwhile");
    CHECK(mentions(server.api("GET", "queues/%2F/" + queue), R"("x-expires":600000)"));
    std::vector<std::string> again = words;
    again.insert(again.begin(), "subscribe");
    again.insert(again.end(), {"--count", "1", "--json"});
    const Outcome outcome = rabbit_hail(again);
    CHECK_MESSAGE(mentions(outcome.out, R"("queue":")" + queue + "\""), outcome.out);
    CHECK(mentions(outcome.out, R"("payload":"meanwhile")"));
}

TEST_CASE("rabbit exchange: a temporary queue is the reader's alone, and gone after it") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    std::string queue;
    {
        const RabbitListener listener({vhost.address(), "amq.topic/#"});
        const std::string list = server.api("GET", "queues/" + vhost.name() + "?columns=name");
        queue =
            list.substr(list.find("amq.gen"), list.find('"', list.find("amq.gen")) - list.find("amq.gen"));
        REQUIRE(queue.starts_with("amq.gen-"));
        const Outcome other = rabbit_hail({"subscribe", vhost.address(), queue});
        CHECK(other.code == 1);
        CHECK_MESSAGE(mentions(other.err, "cannot obtain exclusive access to locked queue"), other.err);
        CHECK(rabbit_hail({"publish", vhost.address(), queue, "into it"}).code == 0);
    }
    const Outcome gone = rabbit_hail({"publish", vhost.address(), queue, "m"});
    CHECK(gone.code == 1);
}

TEST_CASE("rabbit exchange: after a lost connection a temporary queue has a gap, which is told") {
    const RabbitServer server;
    const RabbitUser user(server);
    const std::string channel = "amq.topic/" + RabbitServer::name("gap");
    RabbitListener listener({user.address(), channel, "--json", "--events", "--count", "1"});
    user.close_connections("maintenance now");
    const std::string gap = listener.process.read_line().value_or("");
    CHECK_MESSAGE(mentions(gap, R"("event":"gap")"), gap);
    CHECK_MESSAGE(mentions(gap, "maintenance now"), gap);
    publish(server, channel, "after");
    CHECK(mentions(listener.process.wait().out, R"("payload":"after")"));
    RabbitListener strict({user.address(), channel, "--fail-on-gap"});
    user.close_connections("maintenance again");
    CHECK(strict.process.wait().code == 8);
}
