#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// Confirms, returns and copies: what the broker answers to messages, and in which order.

using namespace hail::support;

TEST_CASE("rabbit confirm: queues of several types answer in their own order, and each line is judged") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::vector<std::string> queues{"none", "classic", "quorum"};
    for (const char* type : {"classic", "quorum"}) {
        server.api("PUT", "queues/" + vhost.name() + "/" + type,
                   R"({"durable":true,"arguments":{"x-queue-type":")" + std::string(type) + "\"}}");
    }
    constexpr std::size_t count = 600;
    std::string lines;
    std::string expected;
    for (std::size_t i = 1; i <= count; ++i) {
        lines += R"({"channel":")" + queues[i % 3] + R"(","payload":")" + std::to_string(i) + "\"}\n";
        expected += i % 3 == 2 ? std::to_string(i) + "\n" : "";
    }
    const Outcome sent = rabbit_hail({"publish", vhost.address(), "-", "--json"}, lines);
    CHECK(sent.code == 1);
    CHECK_MESSAGE(mentions(sent.err, "input line 3: "), sent.err);
    CHECK_MESSAGE(mentions(sent.err, "199 more like it, the last at input line 600"), sent.err);
    const Outcome classic = rabbit_hail({"subscribe", vhost.address(), "classic", "--count", "200"});
    CHECK(classic.code == 0);
    const Outcome quorum = rabbit_hail({"subscribe", vhost.address(), "quorum", "--count", "200"});
    CHECK(quorum.out == expected);
}

TEST_CASE("rabbit confirm: a large message that comes back is refused, and the next one arrives") {
    const RabbitServer server;
    const RabbitQueue queue(server, "after");
    const std::string lines = R"({"channel":")" + queue + R"(-missing","payload":")" +
                              std::string(3'000'000, 'x') + "\"}\n" + R"({"channel":")" + queue +
                              R"(","payload":"small"})" + "\n";
    const Outcome sent = rabbit_hail({"publish", server.address(), "-", "--json"}, lines);
    CHECK(sent.code == 1);
    CHECK_MESSAGE(mentions(sent.err, "input line 1: "), sent.err);
    CHECK_MESSAGE(mentions(sent.err, "no queue '" + queue + "-missing'"), sent.err);
    CHECK(mentions(server.take(queue, 5), R"("payload":"small")"));
}

TEST_CASE("rabbit confirm: a queue that drops its oldest messages accepts every one") {
    const RabbitServer server;
    const RabbitQueue queue(server, "drops", R"({"x-max-length":2})");
    CHECK(rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n4\n5\n").code == 0);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--count", "2"}).out == "4\n5\n");
    CHECK(server.take(queue, 1) == "[]");
}

TEST_CASE("rabbit confirm: copies go to the keys of CC and BCC, and only those of CC are shown") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::vector<std::string> queues{"to", "copy", "blind"};
    for (const std::string& queue : queues) {
        server.api("PUT", "queues/" + vhost.name() + "/" + queue, R"({"durable":true})");
    }
    const std::string lines = R"({"payload":"1","properties":{"headers":{"CC":["copy"],"BCC":["blind"]}}}
{"payload":"2","properties":{"headers":{"CC":"copy"}}}
{"payload":"3"}
)";
    const Outcome sent = rabbit_hail({"publish", vhost.address(), "to", "--json"}, lines);
    CHECK(sent.code == 1);
    CHECK_MESSAGE(mentions(sent.err, "input line 2: "), sent.err);
    CHECK_MESSAGE(mentions(sent.err, "header 'CC' is not a list of routing keys"), sent.err);
    for (const std::string& queue : queues) {
        const Outcome got = rabbit_hail({"subscribe", vhost.address(), queue, "--count", "1", "--json"});
        CHECK_MESSAGE(mentions(got.out, R"("channel":"to","exchange":"","routing_key":"to","queue":")" +
                                            queue + R"(","properties":{"headers":{"CC":["copy"]},)"),
                      got.out);
    }
    CHECK(rabbit_hail({"subscribe", vhost.address(), "to", "--count", "1"}).out == "3\n");
}

TEST_CASE("rabbit confirm: names and keys may have any characters and 255 bytes") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::string long_key(255, 'k');
    std::string lines;
    std::string expected;
    std::vector<std::string> words{"subscribe", vhost.address()};
    for (const std::string& queue :
         {std::string("with space"), std::string("a?b"), std::string("a*b"), std::string("a%2Fb"),
          std::string("#"), std::string("a/b"), std::string("\xC3\xBC"), long_key}) {
        lines += R"({"channel":"/)" + queue + R"(","payload":""})" + "\n";
        expected += queue + "|" + queue + "|\n";
        words.push_back("/" + queue);
    }
    CHECK(rabbit_hail({"publish", vhost.address(), "-", "--json", "--declare"}, lines).code == 0);
    words.insert(words.end(), {"--count", "8", "--format", "{queue}|{routing_key}|{payload}"});
    CHECK(rabbit_hail(words).out == expected);
    RabbitListener listener({vhost.address(), "amq.direct/" + long_key, "--count", "1"});
    CHECK(rabbit_hail({"publish", vhost.address(), "amq.direct/" + long_key, "m"}).code == 0);
    CHECK(listener.process.wait().out == "m\n");
}
