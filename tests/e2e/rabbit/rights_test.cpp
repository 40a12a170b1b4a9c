#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// What the broker refuses on one channel: rights that are missing, and queues that are otherwise.

using namespace hail::support;

TEST_CASE("rabbit rights: each right that is missing is told in the words of the broker") {
    const RabbitServer server;
    const RabbitUser user(server);
    const RabbitQueue queue(server, "theirs");
    const RabbitQueue tap(server, "tap", RabbitQueue::undeclared);
    const std::string missing = RabbitServer::name("missing");
    const RabbitUser::Rights no_configure{.configure = "^$"};
    const RabbitUser::Rights no_write{.write = "^$"};
    const RabbitUser::Rights no_read{.read = "^$"};
    struct Refusal {
        const RabbitUser::Rights& rights;
        std::vector<std::string> words;
        std::string what;
    };
    const std::vector<Refusal> refusals{
        {no_configure, {"publish", missing, "m", "--declare"}, "queue '" + missing + "'"},
        {no_configure, {"publish", missing + "/key", "m", "--declare"}, "exchange '" + missing + "'"},
        {no_configure, {"subscribe", missing, "--declare"}, "queue '" + missing + "'"},
        {no_configure, {"subscribe", "amq.topic/key", "--queue-name", missing}, "queue '" + missing + "'"},
        {no_configure, {"subscribe", "amq.topic/key"}, "queue 'amq.gen-"},
        {no_write, {"publish", queue, "m"}, "exchange 'amq.default'"},
        {no_write, {"publish", "amq.topic/key", "m"}, "exchange 'amq.topic'"},
        {no_write, {"subscribe", "amq.topic/key", "--queue-name", tap}, "queue '" + tap + "'"},
        {no_read, {"subscribe", queue}, "queue '" + queue + "'"},
        {no_read, {"subscribe", "amq.topic/key"}, "exchange 'amq.topic'"}};
    const RabbitUser::Rights* given = nullptr;
    for (const Refusal& refusal : refusals) {
        if (&refusal.rights != given) {
            given = &refusal.rights;
            user.may(refusal.rights);
        }
        std::vector<std::string> words = refusal.words;
        words.insert(words.begin() + 1, user.address());
        const Outcome outcome = rabbit_hail(words);
        CHECK(outcome.code == 1);
        CHECK_MESSAGE(mentions(outcome.err, "access to " + refusal.what), outcome.err);
        CHECK_MESSAGE(mentions(outcome.err, "refused for user '" + user.name() + "'"), outcome.err);
        CHECK_FALSE(mentions(outcome.err, "please report"));
    }
}

TEST_CASE("rabbit rights: a durable queue that exists with other arguments is not overridden") {
    const RabbitServer server;
    const RabbitQueue queue(server, "otherwise");
    const Outcome outcome =
        rabbit_hail({"subscribe", server.address(), "amq.topic/key", "--queue-name", queue});
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "inequivalent arg 'x-expires' for queue '" + queue + "'"),
                  outcome.err);
}
