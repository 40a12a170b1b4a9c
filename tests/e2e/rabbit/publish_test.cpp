#include <list>
#include <string>
#include <vector>

#include "tests/e2e/rabbit/shared_rabbit.h"

// What becomes of each message that is published.

using namespace hail::support;

namespace {

// Of the API's answer: the values of this member, in their order.
std::vector<std::string> values(const std::string& json, const std::string& member) {
    std::vector<std::string> found;
    const std::string before = "\"" + member + "\":";
    for (std::size_t at = json.find(before); at != std::string::npos; at = json.find(before, at)) {
        at += before.size();
        found.push_back(json.substr(at, json.find_first_of(",}", at) - at));
    }
    return found;
}

}  // namespace

TEST_CASE("rabbit publish: arguments and lines arrive in order, persistent, with any bytes") {
    const RabbitServer server;
    const RabbitQueue queue(server, "jobs");
    const Outcome sent = rabbit_hail({"publish", server.address(), queue, "one", "two words", ""});
    CHECK(sent.code == 0);
    CHECK(sent.out + sent.err == "");
    CHECK(rabbit_hail({"publish", server.address(), "/" + queue}, "a\n\nlast").code == 0);
    const std::string binary("\0\xff\r\xce", 4);
    CHECK(rabbit_hail({"publish", server.address(), queue, "--whole"}, binary).code == 0);
    const std::string taken = server.take(queue, 10);
    CHECK(values(taken, "payload") == std::vector<std::string>{"\"one\"", "\"two words\"", "\"\"", "\"a\"",
                                                               "\"\"", "\"last\"", "\"AP8Nzg==\""});
    CHECK(values(taken, "delivery_mode") == std::vector<std::string>(7, "2"));
}

TEST_CASE("rabbit publish: a lone dash is a message, with a warning if stdin has data") {
    const RabbitServer server;
    const RabbitQueue queue(server, "dash");
    const Outcome warned = rabbit_hail({"publish", server.address(), queue, "-"}, "line\n");
    CHECK(warned.code == 0);
    CHECK(mentions(warned.err, "the message is '-' itself, and stdin is not read"));
    const Outcome sent = rabbit_hail({"publish", server.address(), queue, "-"});
    CHECK(sent.code == 0);
    CHECK(sent.err == "");
    CHECK(values(server.take(queue, 10), "payload") == std::vector<std::string>(2, "\"-\""));
}

TEST_CASE("rabbit publish: messages keep their order on their way through several exchanges") {
    const RabbitServer server;
    const RabbitQueue queue(server, "ordered");
    std::list<RabbitExchange> exchanges;
    std::string lines;
    std::string expected;
    for (int i = 0; i < 5; ++i) {
        exchanges.emplace_back(server, "way", "fanout");
        server.bind(exchanges.back(), "", queue);
        for (int j = 0; j < 1'500; ++j) {
            const std::string payload = std::to_string(i) + "." + std::to_string(j);
            lines += R"({"channel":")" + exchanges.back() + R"(/","payload":")" + payload + "\"}\n";
            expected += payload + "\n";
        }
    }
    const Outcome sent = rabbit_hail({"publish", server.address() + "?channel_max=1", "--json", "-"}, lines);
    CHECK_MESSAGE(sent.code == 0, sent.err);
    const Outcome got = rabbit_hail({"subscribe", server.address(), queue, "--count", "7500"});
    CHECK(got.out == expected);
}

TEST_CASE("rabbit publish: an exchange and a key, also with a slash in the exchange") {
    const RabbitServer server;
    const RabbitQueue queue(server, "routed");
    server.bind("ex/slash", queue + "/a", queue);
    server.bind("amq.topic", queue + ".*", queue);
    CHECK(rabbit_hail({"publish", server.address(), "ex%2Fslash/" + queue + "/a", "slash"}).code == 0);
    CHECK(rabbit_hail({"publish", server.address(), "amq.topic/" + queue + ".x", "topic", "--transient"})
              .code == 0);
    const std::string taken = server.take(queue, 10);
    CHECK(values(taken, "exchange") == std::vector<std::string>{"\"ex/slash\"", "\"amq.topic\""});
    CHECK(values(taken, "delivery_mode") == std::vector<std::string>{"2", "1"});
}

TEST_CASE("rabbit publish: properties and typed headers from options") {
    const RabbitServer server;
    const RabbitQueue queue(server, "properties");
    CHECK(rabbit_hail({"publish",
                       server.address(),
                       queue,
                       "m",
                       "-H",
                       "x-run:7",
                       "-H",
                       "n:=7",
                       "--header",
                       "list:=[1.5,true]",
                       "--content-type",
                       "text/plain",
                       "--priority",
                       "9",
                       "--expiration",
                       "1h",
                       "--type",
                       "t",
                       "--app-id",
                       "tests",
                       "--user-id",
                       "guest",
                       "--timestamp",
                       "1767323045",
                       "--reply-to",
                       "back",
                       "--message-id",
                       "m-1"})
              .code == 0);
    const std::string taken = server.take(queue, 1);
    for (const char* part : {R"("x-run":"7")", R"("n":7)", R"("list":[1.5,true])",
                             R"("content_type":"text/plain")", R"("priority":9)", R"("expiration":"3600000")",
                             R"("type":"t")", R"("app_id":"tests")", R"("user_id":"guest")",
                             R"("timestamp":1767323045)", R"("reply_to":"back")", R"("message_id":"m-1")"}) {
        CHECK_MESSAGE(mentions(taken, part), part << " in " << taken);
    }
    CHECK(rabbit_hail({"publish", server.address(), queue, "--message-id", "auto"}, "a\nb\n").code == 0);
    const auto ids = values(server.take(queue, 2), "message_id");
    REQUIRE(ids.size() == 2);
    CHECK(ids[0].substr(0, ids[0].size() - 2) == ids[1].substr(0, ids[1].size() - 2));
    CHECK(ids[0] != ids[1]);
}

TEST_CASE("rabbit publish: a message that no queue gets is refused, unless that is accepted") {
    const RabbitServer server;
    const RabbitQueue missing(server, "missing", RabbitQueue::undeclared);
    const Outcome lost = rabbit_hail({"publish", server.address(), missing}, "a\nb\n");
    CHECK(lost.code == 1);
    CHECK_MESSAGE(mentions(lost.err, "input line 1"), lost.err);
    CHECK_MESSAGE(mentions(lost.err, "no queue '" + missing + "'"), lost.err);
    CHECK(rabbit_hail({"publish", server.address(), missing, "m", "--allow-unroutable"}).code == 0);
    const Outcome unheard = rabbit_hail({"publish", server.address(), "amq.topic/" + missing, "m"});
    CHECK(unheard.code == 1);
    const Outcome declared = rabbit_hail({"publish", server.address(), missing, "m", "--declare"});
    CHECK(declared.code == 0);
    CHECK(values(server.take(missing, 5), "payload") == std::vector<std::string>{"\"m\""});
}

TEST_CASE("rabbit publish: unroutable lines among others are counted exactly") {
    const RabbitServer server;
    const RabbitQueue queue(server, "mixed");
    std::string lines;
    for (int i = 0; i < 400; ++i) {
        lines += R"({"channel":")" + (i % 4 == 0 ? queue : queue + "-missing") + R"(","payload":")" +
                 std::to_string(i) + "\"}\n";
    }
    const Outcome outcome = rabbit_hail({"publish", server.address(), "-", "--json"}, lines);
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "input line 2: "), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "299 more like it, the last at input line 400"), outcome.err);
    CHECK(values(server.take(queue, 1'000), "payload").size() == 100);
}

TEST_CASE("rabbit publish: a message that a full queue rejects is refused with its line") {
    const RabbitServer server;
    const RabbitQueue queue(server, "lim-full");
    const Outcome outcome = rabbit_hail({"publish", server.address(), queue}, "1\n2\n3\n4\n5\n6\n7\n8\n");
    CHECK(outcome.code == 1);
    const std::size_t kept = values(server.take(queue, 100), "payload").size();
    CHECK(kept >= 5);
    CHECK(kept < 8);
    CHECK_MESSAGE(mentions(outcome.err, "input line "), outcome.err);
}

TEST_CASE("rabbit publish: a missing exchange and a missing right end with the words of the broker") {
    const RabbitServer server;
    const Outcome missing = rabbit_hail({"publish", server.address(), "nope/key", "m"});
    CHECK(missing.code == 1);
    CHECK_MESSAGE(mentions(missing.err, "no exchange 'nope' in vhost '/'"), missing.err);
    CHECK_MESSAGE(mentions(missing.err, "--declare makes it"), missing.err);
    const Outcome forbidden = rabbit_hail({"publish", server.address("reader:secret"), "amq.topic/k", "m"});
    CHECK(forbidden.code == 1);
    CHECK_MESSAGE(
        mentions(forbidden.err, "access to exchange 'amq.topic' in vhost '/' refused for user 'reader'"),
        forbidden.err);
    const RabbitExchange internal(server, "internal", "direct", R"("internal":true)");
    const Outcome closed = rabbit_hail({"publish", server.address(), internal + "/k", "m"});
    CHECK(closed.code == 1);
    CHECK_MESSAGE(mentions(closed.err, "cannot publish to internal exchange"), closed.err);
    for (const char* reserved : {"amq.mine/k", "/amq.mine"}) {
        CAPTURE(reserved);
        CHECK(rabbit_hail({"publish", server.address(), reserved, "m", "--declare"}).code == 1);
    }
}

TEST_CASE("rabbit publish: a line with a property that the broker refuses is told, and the others arrive") {
    const RabbitServer server;
    const RabbitQueue queue(server, "refused");
    const std::string lines = R"({"payload":"1"}
{"payload":"2","properties":{"expiration":"abc"}}
{"payload":"3"}
{"payload":"4","properties":{"user_id":"ada"}}
{"payload":"5"}
)";
    const Outcome outcome =
        rabbit_hail({"publish", server.address(), queue, "--json", "--window", "1", "--keep-user-id"}, lines);
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "input line 2: "), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "expiration: 'abc' is not a number of milliseconds"), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "input line 4: "), outcome.err);
    CHECK_MESSAGE(mentions(outcome.err, "user_id property set to 'ada' but authenticated user was 'guest'"),
                  outcome.err);
    CHECK(values(server.take(queue, 10), "payload") == std::vector<std::string>{"\"1\"", "\"3\"", "\"5\""});
    CHECK(rabbit_hail({"publish", server.address(), queue, "--json"},
                      lines.substr(lines.find("{\"payload\":\"4")))
              .code == 0);
}

TEST_CASE("rabbit publish: a message over the server's limit is refused, and the next one arrives") {
    const RabbitServer server;
    const RabbitQueue queue(server, "large");
    const std::string most(16UL << 20U, 'm');
    CHECK(rabbit_hail({"publish", server.address(), queue, "--whole"}, most).code == 0);
    const Outcome outcome = rabbit_hail({"publish", server.address(), queue}, most + "m\nsmall\n");
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "message size 16777217 is larger than"), outcome.err);
    const Outcome got =
        rabbit_hail({"subscribe", server.address(), queue, "--count", "2", "--format", "{length}\\n"});
    CHECK(got.out == "16777216\n\n5\n\n");
}

TEST_CASE("rabbit publish: a queue that exists with other properties is not overridden") {
    const RabbitServer server;
    const RabbitQueue queue(server, "other");
    const Outcome outcome =
        rabbit_hail({"publish", server.address(), queue, "m", "--declare", "--queue-type", "quorum"});
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "inequivalent arg 'x-queue-type'"), outcome.err);
    CHECK(server.take(queue, 5) == "[]");
}

TEST_CASE("rabbit publish: --declare is content with what exists in any form") {
    const RabbitServer server;
    const RabbitVhost vhost(server);
    const std::string api = "queues/" + vhost.name() + "/limited";
    server.api("PUT", api, R"({"durable":false,"arguments":{"x-max-length":9}})");
    const std::string lines = R"({"channel":"limited","payload":"1"}
{"channel":"amq.fanout/","payload":"2"}
{"channel":"new","payload":"3"}
{"channel":"limited","payload":"4"}
{"channel":"exchange/key","payload":"5"}
)";
    const Outcome outcome =
        rabbit_hail({"publish", vhost.address(), "-", "--json", "--declare", "--allow-unroutable"}, lines);
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(rabbit_hail({"subscribe", vhost.address(), "limited", "new", "--count", "3"}).code == 0);
    CHECK(mentions(server.api("GET", "exchanges/" + vhost.name() + "/exchange"), R"("type":"topic")"));
}

TEST_CASE("rabbit publish: a dry run shows once what --declare would send") {
    const auto shown = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"publish", "amqp://localhost:1", "e/key", "m", "m", "--dry-run"});
        return hail::support::hail(more).out;
    };
    const std::string question("\0\x28\0\x0A", 4);  // exchange.declare
    CHECK_FALSE(mentions(shown({}), question));
    const std::string asked = shown({"--declare"});
    CHECK(asked.find(question) != std::string::npos);
    CHECK(asked.find(question) == asked.rfind(question));
    CHECK(mentions(shown({"--declare", "--exchange-type", "fanout"}), "fanout"));
}

TEST_CASE("rabbit publish: a right that is taken away refuses the next message") {
    const RabbitServer server;
    const RabbitQueue queue(server, "rights");
    const RabbitUser user(server);
    Process publisher(rabbit_command({"publish", user.address(), "-", "--json"}));
    publisher.write(R"({"payload":"one","channel":")" + queue + "\"}\n");
    while (server.take(queue, 1) == "[]") {
    }
    user.may({.write = "^$"});
    // The broker remembers for a while that the first one was allowed.
    publisher.write(R"({"payload":"two","channel":"amq.topic/x"})"
                    "\n");
    const Outcome outcome = publisher.wait();
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(mentions(outcome.err, "access to exchange 'amq.topic' in vhost '/' refused"), outcome.err);
}

TEST_CASE(
    "rabbit publish: an alternate exchange gets what no queue would, and publishing into an exclusive queue "
    "works") {
    const RabbitServer server;
    const RabbitQueue queue(server, "alternate");
    server.bind("amq.fanout", "", queue);
    const RabbitExchange exchange(server, "with-alternate", "direct",
                                  R"("arguments":{"alternate-exchange":"amq.fanout"})");
    CHECK(rabbit_hail({"publish", server.address(), exchange + "/k", "m"}).code == 0);
    CHECK(values(server.take(queue, 5), "payload") == std::vector<std::string>{"\"m\""});
}

TEST_CASE("rabbit publish: --wait-receivers waits until somebody reads from the queue") {
    const RabbitServer server;
    const RabbitQueue queue(server, "awaited");
    CHECK(rabbit_hail({"publish", server.address(), queue, "m", "--wait-receivers", "100ms"}).code == 2);
    CHECK(server.take(queue, 1) == "[]");
    Process publisher(rabbit_command({"publish", server.address(), queue, "m", "--wait-receivers", "60s"}));
    const Outcome reader = rabbit_hail({"subscribe", server.address(), queue, "--count", "1"});
    CHECK(reader.out == "m\n");
    CHECK(publisher.wait().code == 0);
}
