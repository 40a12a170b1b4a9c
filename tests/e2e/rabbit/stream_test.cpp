#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// Quorum queues and stream queues.

using namespace hail::support;

namespace {

const std::vector<std::string> with_offset{"--format", "{offset}:{payload}", "--count"};

std::string read_from(const RabbitServer& server, const std::string& queue, const std::string& offset,
                      const std::string& count) {
    std::vector<std::string> words{"subscribe", server.address(), queue, "--offset", offset};
    words.insert(words.end(), with_offset.begin(), with_offset.end());
    words.push_back(count);
    const Outcome outcome = rabbit_hail(words);
    return outcome.out + (outcome.code == 0 ? "" : outcome.err);
}

}  // namespace

TEST_CASE("rabbit stream: reading begins at an offset and takes nothing away") {
    const RabbitServer server;
    const RabbitQueue queue(server, "events", RabbitQueue::undeclared);
    const Outcome sent = rabbit_hail(
        {"publish", server.address(), queue, "--declare", "--queue-type", "stream"}, "a\nb\nc\nd\ne\n");
    CHECK_MESSAGE(sent.code == 0, sent.err);
    CHECK(read_from(server, queue, "first", "5") == "0:a\n1:b\n2:c\n3:d\n4:e\n");
    CHECK(read_from(server, queue, "3", "2") == "3:d\n4:e\n");
    CHECK(read_from(server, queue, "1h", "1") == "0:a\n");
    CHECK(read_from(server, queue, "2020-01-01T00:00:00Z", "1") == "0:a\n");
    RabbitListener last({server.address(), queue, "--offset", "last", "--format", "{offset}:{payload}"});
    CHECK(last.process.read_until("4:e\n").ends_with("4:e\n"));
    for (const char* later : {"next", "99"}) {
        CAPTURE(later);
        CHECK(
            rabbit_hail({"subscribe", server.address(), queue, "--offset", later, "--first-within", "100ms"})
                .code == 2);
    }
    CHECK(rabbit_hail(
              {"subscribe", server.address(), queue, "--offset", "first", "--prefetch", "2", "--count", "5"})
              .out == "a\nb\nc\nd\ne\n");
    RabbitListener next({server.address(), queue, "--count", "1", "--json"});
    server.publish(queue, "f");
    const std::string out = next.process.wait().out;
    CHECK_MESSAGE(mentions(out, R"("offset":5,)"), out);
    CHECK_MESSAGE(mentions(out, R"("payload":"f")"), out);
}

TEST_CASE("rabbit stream: a reader whose connection is closed has neither gaps nor duplicates") {
    const RabbitServer server;
    const RabbitQueue queue(server, "resumed", R"({"x-queue-type":"stream"})");
    const RabbitUser user(server);
    std::string lines;
    for (int i = 0; i < 2'000; ++i) {
        lines += std::to_string(i) + "\n";
    }
    RabbitListener listener({user.address(), queue, "--offset", "first", "--count", "4000"});
    CHECK(rabbit_hail({"publish", server.address(), queue}, lines).code == 0);
    std::string got;
    for (int i = 0; i < 2'000; ++i) {
        got += listener.process.read_line().value_or("") + "\n";
    }
    user.close_connections("maintenance now");
    CHECK(rabbit_hail({"publish", server.address(), queue}, lines).code == 0);
    const Outcome outcome = listener.process.wait();
    CHECK(outcome.code == 0);
    CHECK(got + outcome.out == lines + lines);
}

TEST_CASE("rabbit stream: messages that came out of a stream once are all read from another queue") {
    const RabbitServer server;
    const RabbitQueue queue(server, "moved");
    const RabbitUser user(server);
    for (const char* offset : {"5000000000", "3000000000"}) {
        CHECK(rabbit_hail({"publish", server.address(), queue, offset, "-H",
                           "x-stream-offset:=" + std::string(offset)})
                  .code == 0);
    }
    RabbitListener listener({user.address(), queue, "--count", "3"});
    CHECK(listener.process.read_line() == "5000000000");
    CHECK(listener.process.read_line() == "3000000000");
    user.close_connections("maintenance now");
    server.publish(queue, "plain");
    const Outcome outcome = listener.process.wait();
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(outcome.out == "plain\n");
}

TEST_CASE("rabbit stream: a wrong offset is refused before connecting") {
    for (const char* wrong : {"First", "-1", "yesterday", "1x", "9223372036854775808"}) {
        CAPTURE(wrong);
        const Outcome outcome = rabbit_hail({"subscribe", "amqp://localhost:1", "q", "--offset", wrong});
        CHECK(outcome.code == 64);
        CHECK_MESSAGE(mentions(outcome.err, "option --offset: "), outcome.err);
    }
}

TEST_CASE("rabbit quorum: a message that comes again tells how often") {
    const RabbitServer server;
    const RabbitQueue queue(server, "quorum", RabbitQueue::undeclared);
    CHECK(
        rabbit_hail({"publish", server.address(), queue, "m", "--declare", "--queue-type", "quorum"}).code ==
        0);
    CHECK(rabbit_hail({"subscribe", server.address(), queue, "--exec", "false"}).code != 0);
    const Outcome again = rabbit_hail({"subscribe", server.address(), queue, "--count", "1", "--json"});
    CHECK_MESSAGE(mentions(again.out, R"("redelivered":true)"), again.out);
    CHECK_MESSAGE(mentions(again.out, R"("x-delivery-count":1)"), again.out);
}
