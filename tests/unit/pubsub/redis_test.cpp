#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/pubsub/broker.h"
#include "lib/pubsub/redis_subscriber.h"
#include "tests/support/gate.h"
#include "tests/support/peer.h"
#include "tests/support/redis_server.h"

using namespace hail;
using base::Exit;

namespace {

pubsub::Broker broker_of(const std::string& text) {
    return {net::parse_address(text, {.family = net::AddressRules::Family::broker, .default_scheme = {}}),
            {}};
}

class Answers : public pubsub::AnswerSink {
  public:
    void accepted(std::uint64_t tag, const pubsub::Accepted& answer) override {
        CHECK(tag > last);
        last = tag;
        ++count;
        deliveries += answer.receivers.value_or(0);
    }
    void refused(std::uint64_t tag, const base::Error& error, pubsub::Refused what) override {
        CHECK(what == pubsub::Refused::channel);
        errors.push_back(std::to_string(tag) + " " + error.what());
    }
    std::uint64_t last = 0;
    std::uint64_t count = 0;
    std::int64_t deliveries = 0;
    std::vector<std::string> errors;
};

class Messages : public pubsub::MessageSink {
  public:
    void take(const pubsub::Message& message) override {
        text += std::string(message.channel) + "|" + std::string(message.pattern.value_or("-")) + "|" +
                std::string(message.payload) + "\n";
        ++count;
    }
    void warn(const std::string& what) override { text += "warning: " + what + "\n"; }
    std::string text;
    std::size_t count = 0;
};

base::Deadline soon() {
    return base::Deadline::after(base::Milliseconds(20'000));
}

void drain(pubsub::Publisher& publisher) {
    const auto deadline = soon();
    while (publisher.in_flight() > 0 && !publisher.broken() && !deadline.passed()) {
        publisher.exchange();
        if (publisher.in_flight() > 0 && !publisher.broken()) {
            publisher.wait(deadline, nullptr, {});
        }
    }
}

template <typename Done>
void receive_until(pubsub::Subscriber& subscriber, Done done) {
    const auto deadline = soon();
    while (!done() && !deadline.passed()) {
        if (!subscriber.receive() && !done()) {
            subscriber.wait(deadline, nullptr, {});
        }
    }
    CHECK(done());
}

struct Subscribed {
    Subscribed(const pubsub::Broker& broker, const pubsub::Subscriptions& subscriptions,
               const pubsub::SubscriberOptions& options = {})
        : subscriber(pubsub::open_subscriber(broker, subscriptions, options, messages, stop)) {
        receive_until(*subscriber, [&] { return subscriber->ready(); });
    }
    base::Stop stop;
    Messages messages;
    std::unique_ptr<pubsub::Subscriber> subscriber;
};

}  // namespace

TEST_CASE("redis broker: messages arrive in order, by channel and by pattern") {
    const support::RedisServer server;
    Subscribed subscribed(broker_of(server.socket_address()), {.channels = {"a", "b"}, .patterns = {"a*"}});
    const base::Stop stop;
    Answers answers;
    const auto publisher = pubsub::open_publisher(broker_of(server.address()), {}, answers, stop);
    publisher->publish({.channel = "a", .payload = "one"}, 1);
    publisher->publish({.channel = "b", .payload = std::string("\0\r\n", 3)}, 2);
    publisher->publish({.channel = "nobody", .payload = ""}, 3);
    drain(*publisher);
    CHECK(answers.count == 3);
    CHECK(answers.deliveries == 3);
    receive_until(*subscribed.subscriber, [&] { return subscribed.messages.count >= 3; });
    CHECK(subscribed.messages.text == "a|-|one\na|a*|one\nb|-|" + std::string("\0\r\n", 3) + "\n");
}

TEST_CASE("redis broker: a small window carries many messages, and large ones") {
    const support::RedisServer server({.arguments = {"--client-output-buffer-limit", "pubsub 0 0 0"}});
    Subscribed subscribed(broker_of(server.address()), {.channels = {"c"}, .patterns = {}});
    const base::Stop stop;
    Answers answers;
    const auto publisher =
        pubsub::open_publisher(broker_of(server.address()), {.window = 100}, answers, stop);
    std::string expected;
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
        while (!publisher->has_room()) {
            publisher->wait(soon(), nullptr, {});
            publisher->exchange();
        }
        CHECK(publisher->in_flight() <= 100);
        const std::string payload = i % 5000 == 0 ? std::string(300'000, 'x') : std::to_string(i);
        publisher->publish({.channel = "c", .payload = payload}, i);
        expected += "c|-|" + payload + "\n";
    }
    drain(*publisher);
    CHECK(answers.count == 20'000);
    receive_until(*subscribed.subscriber, [&] { return subscribed.messages.count >= 20'000; });
    CHECK(subscribed.messages.text == expected);
}

TEST_CASE("redis broker: an error reply is reported with its message") {
    const support::RedisServer server(
        {.arguments = {"--user", "default", "on", "nopass", "resetchannels", "&open*", "+@all"}});
    const base::Stop stop;
    Answers answers;
    const auto publisher = pubsub::open_publisher(broker_of(server.address()), {}, answers, stop);
    publisher->publish({.channel = "open", .payload = "x"}, 1);
    publisher->publish({.channel = "shut", .payload = "x"}, 2);
    publisher->publish({.channel = "open", .payload = "x"}, 3);
    drain(*publisher);
    CHECK(answers.count == 2);
    REQUIRE(answers.errors.size() == 1);
    CHECK(answers.errors[0].starts_with("2 publishing to "));
    CHECK(answers.errors[0].find(": NOPERM") != std::string::npos);
}

TEST_CASE("redis broker: a lost connection leaves its messages unknown or not sent") {
    support::RedisServer server;
    const base::Stop stop;
    Answers answers;
    const auto publisher = pubsub::open_publisher(broker_of(server.address()), {}, answers, stop);
    publisher->publish({.channel = "c", .payload = "x"}, 1);
    drain(*publisher);
    REQUIRE(::kill(server.pid(), SIGSTOP) == 0);
    publisher->publish({.channel = "c", .payload = "y"}, 2);
    publisher->publish({.channel = "c", .payload = "z"}, 3);
    publisher->exchange();
    publisher->publish({.channel = "c", .payload = "not sent"}, 4);
    server.kill();
    drain(*publisher);
    REQUIRE(publisher->broken());
    const pubsub::Loss loss = publisher->loss();
    CHECK(answers.count == 1);
    CHECK(loss.unknown + loss.not_sent == 3);
    CHECK(loss.unknown >= 2);
    CHECK(loss.first_tag == 2);
    CHECK_FALSE(loss.why.why.empty());
}

TEST_CASE("redis broker: an idle connection that was closed is reopened silently") {
    support::RedisServer server;
    const base::Stop stop;
    Answers answers;
    const auto publisher = pubsub::open_publisher(broker_of(server.address()), {}, answers, stop);
    publisher->publish({.channel = "c", .payload = "x"}, 1);
    drain(*publisher);
    server.kill();
    server.start();
    publisher->publish({.channel = "c", .payload = "y"}, 2);
    drain(*publisher);
    CHECK(answers.count == 2);
    CHECK_FALSE(publisher->broken());
}

TEST_CASE("redis broker: a forbidden channel refuses the subscription") {
    const support::RedisServer server(
        {.arguments = {"--user", "default", "on", "nopass", "resetchannels", "&open*", "+@all"}});
    try {
        const Subscribed subscribed(broker_of(server.address()), {.channels = {"shut"}, .patterns = {}});
        FAIL_CHECK("subscribed");
    } catch (const base::Error& error) {
        CHECK(error.exit() == Exit::refused);
        CHECK(error.hint().find("&NAME") != std::string::npos);
    }
}

TEST_CASE("redis broker: a subscriber that loses its server says that messages are missed") {
    support::RedisServer server;
    Subscribed subscribed(broker_of(server.address()), {.channels = {"c"}, .patterns = {}});
    server.kill();
    try {
        receive_until(*subscribed.subscriber, [] { return false; });
        FAIL_CHECK("did not end");
    } catch (const base::Error& error) {
        CHECK(error.exit() == Exit::unknown);
        CHECK(std::string(error.what()).find("may have been lost") != std::string::npos);
    }
}

TEST_CASE("redis broker: the error of a subscriber that was too slow names the likely cause") {
    const support::RedisServer server({.arguments = {"--client-output-buffer-limit", "pubsub 4mb 4mb 0"}});
    Subscribed subscribed(broker_of(server.socket_address()), {.channels = {"c"}, .patterns = {}});
    const base::Stop stop;
    Answers answers;
    const auto publisher = pubsub::open_publisher(broker_of(server.address()), {}, answers, stop);
    for (std::uint64_t i = 1; i <= 20; ++i) {
        publisher->publish({.channel = "c", .payload = std::string(1'000'000, 'x')}, i);
        drain(*publisher);
    }
    try {
        receive_until(*subscribed.subscriber, [] { return false; });
        FAIL_CHECK("did not end");
    } catch (const base::Error& error) {
        CHECK(error.exit() == Exit::unknown);

        CHECK(error.hint().find("client-output-buffer-limit") != std::string::npos);
    }
}

TEST_CASE("redis broker: a silent peer is probed, and is lost if it does not answer") {
    const support::RedisServer server;
    Subscribed subscribed(broker_of(server.address()), {.channels = {"c"}, .patterns = {}},
                          {.silence = base::Milliseconds(20), .answer_within = base::Milliseconds(500)});
    subscribed.subscriber->wait(soon(), nullptr, {});  // the silence passes
    subscribed.subscriber->wait(soon(), nullptr, {});  // PING goes out, and its answer comes
    CHECK(subscribed.subscriber->receive() == false);
    REQUIRE(::kill(server.pid(), SIGSTOP) == 0);
    CHECK_THROWS_AS(receive_until(*subscribed.subscriber, [] { return false; }), base::Error);
    ::kill(server.pid(), SIGCONT);
}

TEST_CASE("redis broker: a busy answer to a probe is not shown, though a message came before it") {
    support::Gate gate;
    const std::string message = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n";
    const support::Peer peer(
        {{support::read_until("SETNAME"), support::send("+OK\r\n"), support::read_until("SUBSCRIBE"),
          support::send("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"), support::read_until("PING"),
          support::send(message), gate.step(), support::send("-BUSY a script\r\n-ERR news\r\n"),
          support::stall()}});
    Subscribed subscribed(broker_of("redis://" + peer.address("")), {.channels = {"c"}, .patterns = {}},
                          {.silence = base::Milliseconds(1'000), .answer_within = base::Milliseconds(9'000)});
    receive_until(*subscribed.subscriber, [&] { return subscribed.messages.count == 1; });
    gate.open();
    receive_until(*subscribed.subscriber,
                  [&] { return subscribed.messages.text.find("ERR news") != std::string::npos; });
    CHECK(subscribed.messages.text.find("BUSY") == std::string::npos);
}

TEST_CASE("redis broker: a dry run shows the bytes with the password masked") {
    const auto broker = broker_of("redis://me:secret@h/2");
    CHECK(pubsub::publisher_handshake(broker) ==
          "*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$3\r\n***\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n2\r\n"
          "*2\r\n$5\r\nHELLO\r\n$1\r\n2\r\n");
    const std::string published = pubsub::published_bytes(broker, {.channel = "c", .payload = "x"});
    CHECK(published == "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$1\r\nx\r\n");
    const std::string subscribing =
        pubsub::subscriber_bytes(broker_of("h"), {.channels = {"a"}, .patterns = {"b*"}});
    CHECK(subscribing ==
          "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$4\r\nhail\r\n"
          "*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n*2\r\n$10\r\nPSUBSCRIBE\r\n$2\r\nb*\r\n");
}

TEST_CASE("redis broker: a server that publishes no keyspace notifications is warned of") {
    using pubsub::keyspace_warning;
    const pubsub::Subscriptions keys{.channels = {"__keyspace@0__:a"}, .patterns = {}};
    const pubsub::Subscriptions events{.channels = {}, .patterns = {"__keyevent@*__:*"}};
    for (const char* setting : {"", "E", "K", "Eg$", "KE"}) {
        CAPTURE(setting);
        CHECK_FALSE(keyspace_warning(keys, setting).empty());
    }
    CHECK(keyspace_warning(keys, "KA").empty());
    CHECK(keyspace_warning(events, "xE").empty());
    CHECK_FALSE(keyspace_warning(events, "AK").empty());
    CHECK(keyspace_warning({.channels = {"a"}, .patterns = {}}, "").empty());
}
