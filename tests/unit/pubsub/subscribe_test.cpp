#include "lib/pubsub/subscribe.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "lib/base/error.h"
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
    void pause() override { shown = true; }
    int watched() const override { return -1; }
    void hung_up() override {}
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
               const net::ConnectOptions& connect = {}) {
        const Peer peer({script});
        const pubsub::Broker broker{
            net::parse_address(peer.address(""),
                               {.family = net::AddressRules::Family::broker, .default_scheme = {}}),
            connect};
        try {
            pubsub::subscribe(broker, {.channels = {"c"}, .patterns = {}}, sink, options, stop);
        } catch (const base::Error& error) {
            exit = error.exit();
        }
        CHECK(sink.shown);
    }
    base::Stop stop;
    Sink sink;
    Exit exit = Exit::ok;
};

}  // namespace

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
    const Subscribed lost(server(message("a") + message("bcd").substr(0, 30), cut()), {});
    CHECK(lost.exit == Exit::unknown);
    CHECK(lost.sink.text.find("a ") != std::string::npos);
    CHECK(lost.sink.text.find('b') == std::string::npos);
}
