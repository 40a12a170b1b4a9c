#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// What ends a whole connection, and what becomes of a publisher then.

using namespace hail::support;

namespace {

// A user with a vhost of their own, which has the queue q.
struct Estate {
    explicit Estate(const RabbitServer& rabbit)
        : server(rabbit),
          user(std::make_unique<RabbitUser>(rabbit)),
          vhost(std::make_unique<RabbitVhost>(rabbit)) {
        server.api("PUT", "permissions/" + vhost->name() + "/" + user->name(),
                   R"({"configure":".*","write":".*","read":".*"})");
        server.api("PUT", "queues/" + vhost->name() + "/q", R"({"durable":true})");
    }
    std::string address() const { return user->address() + "/" + vhost->name(); }
    std::string take() const {
        return server.api("POST", "queues/" + vhost->name() + "/q/get",
                          R"({"count":1,"ackmode":"ack_requeue_false","encoding":"auto"})");
    }

    const RabbitServer& server;
    std::unique_ptr<RabbitUser> user;
    std::unique_ptr<RabbitVhost> vhost;
};

struct End {
    std::string what;
    std::function<void(Estate&)> bring_about;
    int code;
    std::string why;
};

}  // namespace

TEST_CASE("rabbit connection: a publisher whose connection is closed goes on, or says why it cannot") {
    const RabbitServer server;
    const std::vector<End> ends{
        {"an operator", [](Estate& estate) { estate.user->close_connections("maintenance now"); }, 0, ""},
        {"no user", [](Estate& estate) { estate.user.reset(); }, 1, "Login was refused"},
        {"no vhost", [](Estate& estate) { estate.vhost.reset(); }, 1, "not found"},
        {"no right",
         [](Estate& estate) {
             estate.server.api("DELETE", "permissions/" + estate.vhost->name() + "/" + estate.user->name());
             estate.user->close_connections("maintenance now");
         },
         1, "access to vhost"}};
    for (const End& end : ends) {
        CAPTURE(end.what);
        Estate estate(server);
        const std::string connection = R"("user":")" + estate.user->name() + "\"";
        const auto is_connected = [&] {
            return mentions(server.api("GET", "connections?columns=user"), connection);
        };
        Process publisher(rabbit_command({"publish", estate.address(), "q"}));
        publisher.write("one\n");
        while (estate.take() == "[]") {
        }
        while (!is_connected()) {
        }
        end.bring_about(estate);
        while (is_connected()) {
        }
        publisher.write("two\n");
        const Outcome outcome = publisher.wait();
        CHECK(outcome.code == end.code);
        CHECK_MESSAGE(mentions(outcome.err, end.why), outcome.err);
        CHECK(outcome.err.empty() == (end.code == 0));
        if (end.code == 0) {
            CHECK(mentions(estate.take(), R"("payload":"two")"));
        } else {
            CHECK_MESSAGE(mentions(outcome.err, "accepted 1, unknown 0; resume at input line 2"),
                          outcome.err);
        }
    }
}

TEST_CASE("rabbit connection: a user who may open no channel is told so, and one channel is enough") {
    const RabbitServer server;
    const Estate estate(server);
    const std::string limit = "user-limits/" + estate.user->name() + "/max-channels";
    server.api("PUT", limit, R"({"value":0})");
    const std::string why = "has reached the maximum allowed user limit of (0)";
    const Outcome sent = rabbit_hail({"publish", estate.address(), "q", "m"});
    CHECK(sent.code == 1);
    CHECK_MESSAGE(mentions(sent.err, why), sent.err);
    const Outcome got = rabbit_hail({"subscribe", estate.address(), "q"});
    CHECK(got.code == 1);
    CHECK_MESSAGE(mentions(got.err, why), got.err);

    server.api("PUT", limit, R"({"value":1})");
    std::string lines;
    for (int i = 0; i < 500; ++i) {
        lines += R"({"channel":")" + std::string(i == 400 ? "amq.topic/nobody" : "q") + R"(","payload":""})" +
                 "\n";
    }
    const Outcome mixed = rabbit_hail({"publish", estate.address() + "?channel_max=1", "-", "--json"}, lines);
    CHECK(mixed.code == 1);
    CHECK_MESSAGE(mentions(mixed.err, "input line 401: "), mixed.err);
    CHECK(rabbit_hail({"subscribe", estate.address(), "q", "--count", "499"}).code == 0);
    CHECK(estate.take() == "[]");
}

TEST_CASE("rabbit connection: an unknown type of exchange refuses its message, and the others arrive") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::string lines = R"({"channel":"q","payload":"1"}
{"channel":"new/key","payload":"2"}
{"channel":"q","payload":"3"}
)";
    const Outcome outcome = rabbit_hail(
        {"publish", vhost.address(), "-", "--json", "--declare", "--exchange-type", "nope"}, lines);
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "input line 2: "), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "exchange type 'nope'"), outcome.err);
    CHECK(rabbit_hail({"subscribe", vhost.address(), "q", "--count", "2"}).out == "1\n3\n");
}

TEST_CASE("rabbit connection: consumers of several queues do not share the tag that is given") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    for (const char* queue : {"one", "two"}) {
        CHECK(rabbit_hail({"publish", vhost.address(), queue, queue, "--declare"}).code == 0);
    }
    const Outcome got = rabbit_hail({"subscribe", vhost.address(), "one", "two", "--consumer-tag", "mine",
                                     "--count", "2", "--format", "{queue} {payload}"});
    CHECK(got.out == "one one\ntwo two\n");
}

TEST_CASE("rabbit connection: it has the name of the command and of the channel") {
    const auto shows = [](const std::vector<std::string>& arguments, const std::string& name) {
        return mentions(rabbit_hail(arguments).out, "hail " + name);
    };
    CHECK(shows({"publish", "amqp://host", "logs/app", "x", "--dry-run"}, "publish logs/app"));
    CHECK(shows({"subscribe", "amqp://host", "jobs", "more", "--dry-run"}, "subscribe jobs more"));
}
