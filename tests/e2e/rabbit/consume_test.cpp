#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// How the broker treats its consumers: limits, patterns, dead letters and patience.

using namespace hail::support;

namespace {

// A setting of the server, as long as this exists.
class Setting {
  public:
    Setting(const RabbitServer& server, const std::string& name, const std::string& value,
            const std::string& usual)
        : server_(server), set_("application set_env [rabbit," + name + ","), usual_(usual) {
        server_.call(set_ + value + "]");
    }
    ~Setting() {
        try {
            server_.call(set_ + usual_ + "]");
        } catch (const std::runtime_error&) {  // a server that is gone
        }
    }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;

  private:
    const RabbitServer& server_;
    std::string set_;
    std::string usual_;
};

}  // namespace

TEST_CASE("rabbit consume: the broker sends no more than --prefetch ahead") {
    const RabbitServer server;
    const RabbitQueue queue(server, "prefetch");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n4\n5\n").code == 0);
    Process greedy(
        rabbit_command({"subscribe", server.address(), queue, "--ack", "never", "--prefetch", "2"}));
    CHECK(greedy.read_line() == "1");
    CHECK(greedy.read_line() == "2");
    // The others are free for another reader.
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--prefetch", "1", "--count", "3"}).out ==
          "3\n4\n5\n");
    greedy.signal(SIGTERM);
    CHECK(greedy.wait().out == "");
    CHECK(mentions(server.take(queue, 5), R"("payload":"1")"));
}

TEST_CASE("rabbit consume: readers who wait for their turn at a queue are told that it was deleted") {
    const RabbitServer server;
    const RabbitQueue queue(server, "turns", R"({"x-single-active-consumer":true})");
    RabbitListener active({server.address(), queue});
    RabbitListener waiting({server.address(), queue});
    server.delete_queue(queue);
    for (RabbitListener* listener : {&active, &waiting}) {
        const Outcome outcome = listener->process.wait();
        CHECK(outcome.code == 1);
        CHECK_MESSAGE(mentions(outcome.err, "queue '" + queue + "' was deleted"), outcome.err);
    }
}

TEST_CASE("rabbit consume: stars and hashes in the keys of a topic") {
    const RabbitServer server;
    const RabbitExchange exchange(server, "topics", "topic");
    const auto listen = [&](const std::string& pattern) {
        return RabbitListener({server.address(), exchange + "/" + pattern, exchange + "/end", "--format",
                               "{routing_key}", "--count", "4"});
    };
    RabbitListener star = listen("a.*.c");
    RabbitListener hash = listen("log.#");
    std::string lines;
    for (const char* key :
         {"a.b.c", "a..c", "a.*.c", "a.b.x.c", "a.c", "log", "log.x", "log.x.y", "logs", "x.log", "end"}) {
        lines += R"({"channel":")" + exchange + "/" + key + R"(","payload":""})" + "\n";
    }
    CHECK(rabbit_hail({"publish", server.address(), "-", "--json", "--allow-unroutable"}, lines).code == 0);
    CHECK(star.process.wait().out == "a.b.c\na..c\na.*.c\nend\n");
    CHECK(hash.process.wait().out == "log\nlog.x\nlog.x.y\nend\n");
}

TEST_CASE("rabbit consume: dead letters say why they are dead") {
    const RabbitServer server;
    const RabbitQueue dead(server, "dead");
    struct Death {
        std::string reason;
        std::string arguments;
        std::string input = "1\n";
        int failures = 0;
    };
    const std::vector<Death> deaths{
        {.reason = "expired", .arguments = R"("x-message-ttl":1)"},
        {.reason = "maxlen", .arguments = R"("x-max-length":1)", .input = "1\n2\n"},
        {.reason = "delivery_limit",
         .arguments = R"("x-queue-type":"quorum","x-delivery-limit":2)",
         .failures = 3}};
    for (const Death& death : deaths) {
        CAPTURE(death.reason);
        const RabbitQueue queue(server, "dying",
                                "{" + death.arguments +
                                    R"(,"x-dead-letter-exchange":"","x-dead-letter-routing-key":")" + dead +
                                    "\"}");
        CHECK(rabbit_hail({"publish", server.address(), queue}, death.input).code == 0);
        for (int i = 0; i < death.failures; ++i) {
            CHECK(rabbit_hail({"subscribe", server.address(), queue, "--exec", "false"}).code == 10);
        }
        const Outcome letter =
            rabbit_hail({"subscribe", server.address(), dead, "--count", "1", "--format",
                         "{payload} {header:x-first-death-reason} {header:x-first-death-queue}"});
        CHECK(letter.out == "1 " + death.reason + " " + queue + "\n");
    }
}

TEST_CASE("rabbit consume: a long program keeps its connection alive, until the broker's patience ends") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::string address = vhost.address() + "?heartbeat=1";
    // RabbitMQ 3.10 does not know the argument, and takes the setting below.
    CHECK(rabbit_hail({"publish", address, "late", "--declare", "--argument", "x-consumer-timeout:=2500"},
                      "m\n")
              .code == 0);
    CHECK(rabbit_hail({"publish", address, "long", "--declare"}, "m\n").code == 0);
    CHECK(rabbit_hail({"publish", address, "full", "--declare"}, std::string(1'000'000, 'x') + "\nend\n")
              .code == 0);
    const std::string take_long = "sleep 4; cat";  // without heartbeats, the connection would end after 3 s
    const Setting looks_often(server, "channel_tick_interval", "200", "60000");
    const auto late = [&] {
        // Only for channels that are opened now.
        const Setting impatient(server, "consumer_timeout", "2500", "1800000");
        return std::make_unique<RabbitListener>(
            std::vector<std::string>{address, "late", "--no-reconnect", "--exec", "sh", "-c", take_long});
    }();
    RabbitListener slow({address, "long", "--no-reconnect", "--count", "1", "--exec", "sh", "-c", take_long});
    RabbitListener full({address, "full", "--no-reconnect", "--count", "2"});  // more than a pipe holds
    const Outcome timed_out = late->process.wait();
    CHECK(timed_out.code == 8);
    CHECK_MESSAGE(
        mentions(timed_out.err, "406 PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out"),
        timed_out.err);
    CHECK_MESSAGE(mentions(timed_out.err, "consumer_timeout"), timed_out.err);
    const Outcome done = slow.process.wait();
    CHECK(done.code == 0);
    CHECK(done.out == "m");
    const Outcome read = full.process.wait();
    CHECK(read.code == 0);
    CHECK(read.out.size() == 1'000'001 + 4);
}
