#include "lib/pubsub/subscribe.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "tests/support/amqp_frames.h"
#include "tests/support/peer.h"

using namespace hail;
using base::Exit;
using base::Milliseconds;
using support::cut;
using support::Peer;
using support::read_until;
using support::send;
using support::stall;

namespace {

class Sink : public pubsub::SubscribeSink {
  public:
    void take(const pubsub::Message& message) override {
        text += std::string(message.payload) + " ";
        shown = false;
    }
    void warn(const std::string& what) override { text += what; }
    void ready() override { text += "ready "; }
    void gap(const pubsub::Gap& gap) override { text += gap.lost ? "gap " : "resumed "; }
    void cut() override { text += "cut "; }
    void pause() override { shown = true; }
    bool takes_more() const override { return true; }
    void add_polls(std::vector<pollfd>&) override {}
    void polled(std::span<const pollfd>) override {}
    bool idle() const override { return true; }
    void collect(std::vector<pubsub::Handled>&) override {}
    std::string text;
    bool shown = true;  // nothing has come since the last pause
};

// A server that confirms one channel and then sends these bytes.
support::Script server(const std::string& bytes, const support::Step& end) {
    return {read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("SUBSCRIBE\r\n$1\r\nc\r\n"),
            send("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n" + bytes), end};
}

std::string message(const std::string& payload) {
    return "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
}

struct Subscribed {
    Subscribed(const support::Script& script, const pubsub::SubscribeOptions& options,
               const net::ConnectOptions& connect = {})
        : Subscribed(std::vector<support::Script>{script}, options, connect) {}
    Subscribed(std::vector<support::Script> scripts, const pubsub::SubscribeOptions& options,
               const net::ConnectOptions& connect = {}, const pubsub::ConnectRetryOptions& retry = {}) {
        const Peer peer(std::move(scripts));
        const pubsub::Broker broker{
            net::parse_address(peer.address(""),
                               {.family = net::AddressRules::Family::broker, .default_scheme = {}}),
            connect, retry};
        try {
            pubsub::subscribe(broker, {.channels = {"c"}, .patterns = {}}, sink, options, stop, summary);
        } catch (const base::Error& error) {
            exit = error.exit();
            why = error.what();
        }
        CHECK(sink.shown);
    }
    base::Stop stop;
    Sink sink;
    pubsub::SubscribeSummary summary;
    Exit exit = Exit::ok;
    std::string why;
};

// A server that answers the subscription with an error.
support::Script refusing(const std::string& error) {
    return {read_until("SETNAME\r\n$4\r\nhail\r\n"), send("+OK\r\n"), read_until("SUBSCRIBE\r\n$1\r\nc\r\n"),
            send("-" + error + "\r\n"), stall()};
}

}  // namespace

TEST_CASE("subscribe: a server that is silent while connecting again does not put off the limits") {
    const std::vector<support::Script> scripts{server("", cut()), {stall()}};
    const auto late = [&](const pubsub::SubscribeOptions& options, const net::ConnectOptions& connect) {
        const auto begin = base::Deadline::Clock::now();
        const Subscribed subscribed(scripts, options, connect);
        CHECK(base::Deadline::Clock::now() - begin < std::chrono::seconds(5));
        return subscribed.exit;
    };
    CHECK(late({.first_within = Milliseconds(500)}, {}) == Exit::timed_out);
    net::ConnectOptions idle;
    idle.idle_timeout = Milliseconds(500);
    CHECK(late({}, idle) == Exit::timed_out);
}

TEST_CASE("subscribe: the count ends the run, and later messages are not shown") {
    const Subscribed done(server(message("a") + message("b") + message("c"), stall()), {.count = 2});
    CHECK(done.exit == Exit::ok);
    CHECK(done.sink.text.find("a b ") != std::string::npos);
    CHECK(done.sink.text.find("c ") == std::string::npos);
}

TEST_CASE("subscribe: readiness is reported once") {
    const Subscribed done(server("", stall()), {.duration = Milliseconds(50)});
    CHECK(done.exit == Exit::ok);
    CHECK(done.sink.text == "ready ");
}

TEST_CASE("subscribe: each limit ends the run when it passes") {
    const Milliseconds brief(50);
    CHECK(Subscribed(server("", stall()), {.count = 1, .duration = brief}).exit == Exit::timed_out);
    CHECK(Subscribed(server("", stall()), {.first_within = brief}).exit == Exit::timed_out);
    net::ConnectOptions whole;
    whole.timeout = brief;
    CHECK(Subscribed(server("", stall()), {}, whole).exit == Exit::timed_out);
    net::ConnectOptions idle;
    idle.idle_timeout = brief;
    CHECK(Subscribed(server("", stall()), {}, idle).exit == Exit::timed_out);
}

TEST_CASE("subscribe: a cut message ends the run as unknown, and earlier messages are shown") {
    const Subscribed lost(server(message("a") + message("bcd").substr(0, 30), cut()), {.reconnect = false});
    CHECK(lost.exit == Exit::unknown);
    CHECK(lost.sink.text.find("a ") != std::string::npos);
    CHECK(lost.sink.text.find('b') == std::string::npos);
}

TEST_CASE("subscribe: a lost connection is made again, and the count goes on") {
    const Subscribed done(
        {server(message("a"), cut()), server(message("b"), cut()), server(message("c"), stall())},
        {.count = 3});
    CHECK(done.exit == Exit::ok);
    CHECK(done.summary.received == 3);
    CHECK(done.summary.gaps == 2);
    CHECK(done.sink.text.find("gap b ") != std::string::npos);
    CHECK(done.sink.text.find("gap c ") != std::string::npos);
}

TEST_CASE("subscribe: passing states are waited out when the connection is made again") {
    const Subscribed done({server(message("a"), cut()),
                           refusing("LOADING Redis is loading the dataset in memory"),
                           {send("-ERR max number of clients reached\r\n"), cut()},
                           server(message("b"), stall())},
                          {.count = 2});
    CHECK(done.exit == Exit::ok);
    CHECK(done.summary.gaps == 1);
}

TEST_CASE("subscribe: at the first connection a passing state is waited out only if that is asked for") {
    const std::vector<support::Script> scripts{refusing("BUSY Redis is busy running a script."),
                                               server(message("a"), stall())};
    CHECK(Subscribed(scripts, {.count = 1}).exit == Exit::refused);
    CHECK(Subscribed(scripts, {.count = 1}, {}, {.retries = 1, .most = {}}).exit == Exit::ok);
}

TEST_CASE("subscribe: a right or a password that was taken away ends the run") {
    for (const std::string error :
         {"NOPERM this user has no permissions to access one of the channels used as arguments",
          "NOAUTH Authentication required."}) {
        const Subscribed done({server(message("a"), cut()), refusing(error), server(message("b"), stall())},
                              {.count = 2});
        CHECK(done.exit == Exit::refused);
        CHECK(done.summary.received == 1);
    }
}

TEST_CASE("subscribe: a gap can end the run, and so can the number of attempts") {
    const std::vector<support::Script> scripts{server(message("a"), cut()), server(message("b"), stall())};
    CHECK(Subscribed(scripts, {.count = 2, .fail_on_gap = true}).exit == Exit::unknown);
    CHECK(Subscribed(scripts, {.count = 2, .reconnect = false}).exit == Exit::unknown);
    const Subscribed given_up({server(message("a"), cut())}, {.count = 2}, {}, {.retries = 2, .most = {}});
    CHECK(given_up.exit == Exit::unknown);
    CHECK(given_up.why.find("could not be made again") != std::string::npos);
}

TEST_CASE("subscribe: each gap has attempts and time of its own, also after short connections") {
    std::vector<support::Script> scripts(4, server(message("a"), cut()));
    scripts.push_back(server(message("b"), stall()));
    const Subscribed done(scripts, {.count = 5}, {}, {.wait = Milliseconds(300)});
    CHECK_MESSAGE(done.exit == Exit::ok, done.why);
    CHECK(done.summary.gaps == 4);
}

TEST_CASE("subscribe: the time ends the run also while there is no connection") {
    const Subscribed done({server(message("a"), cut())}, {.duration = Milliseconds(300)});
    CHECK(done.exit == Exit::ok);
    CHECK(done.summary.received == 1);
}

#if HAIL_WITH_AMQP == 1
TEST_CASE("subscribe: a RabbitMQ server that does not confirm the end is reported") {
    namespace amqp = support::amqp;
    const Peer peer({{amqp::log_in(), amqp::read_frames(4),
                      send(amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("c") +
                           amqp::consume_ok("tag") + amqp::delivery("tag", 1, "c", "a")),
                      stall()}});
    Sink sink;
    base::Stop stop;
    pubsub::SubscribeSummary summary;
    const pubsub::SubscribeOptions options{.count = 1};
    pubsub::subscribe(amqp::broker_of(peer), {.channels = {"c"}, .patterns = {}}, sink, options, stop,
                      summary);
    CHECK(sink.text ==
          "ready a the broker has not confirmed the end; the last messages may be delivered again");
}

TEST_CASE("subscribe: a RabbitMQ server that confirms the end is left at once") {
    namespace amqp = support::amqp;
    const Peer peer({{amqp::log_in(), amqp::read_frames(4),
                      send(amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("c") +
                           amqp::consume_ok("tag") + amqp::delivery("tag", 1, "c", "a")),
                      amqp::confirm_close()}},
                    Peer::Others::repeat);
    // A loaded machine may be slow, but not every time.
    bool quick = false;
    for (int attempt = 0; attempt < 20 && !quick; ++attempt) {
        Sink sink;
        base::Stop stop;
        pubsub::SubscribeSummary summary;
        const pubsub::SubscribeOptions options{.count = 1};
        const auto begin = base::Deadline::Clock::now();
        pubsub::subscribe(amqp::broker_of(peer), {.channels = {"c"}, .patterns = {}}, sink, options, stop,
                          summary);
        quick = base::Deadline::Clock::now() - begin < Milliseconds(150);
    }
    CHECK(quick);
}

TEST_CASE("subscribe: a message that was handled beside one that failed is acknowledged") {
    namespace amqp = support::amqp;
    // Both programs have ended when they are looked at.
    class Programs : public Sink {
      public:
        void take(const pubsub::Message& message) override { deliveries_.push_back(message.delivery); }
        void collect(std::vector<pubsub::Handled>& handled) override {
            if (deliveries_.size() == 2) {
                handled.push_back({deliveries_[0], pubsub::Settlement::failed});
                handled.push_back({deliveries_[1], pubsub::Settlement::done});
                deliveries_.clear();
            }
        }

      private:
        std::vector<std::uint64_t> deliveries_;
    };
    Peer peer(
        {{amqp::log_in(), amqp::read_frames(4),
          send(amqp::channel_open_ok() + amqp::qos_ok() + amqp::declare_ok("c") + amqp::consume_ok("tag") +
               amqp::delivery("tag", 1, "c", "a") + amqp::delivery("tag", 2, "c", "b")),
          amqp::read_frames(1), amqp::confirm_close()}});
    Programs sink;
    base::Stop stop;
    pubsub::SubscribeSummary summary;
    CHECK_THROWS_WITH_AS(pubsub::subscribe(amqp::broker_of(peer), {.channels = {"c"}, .patterns = {}}, sink,
                                           {}, stop, summary),
                         doctest::Contains("a message was not handled"), base::Error);
    CHECK(peer.received().at(8).head == amqp::ack(2));
}
#endif
