#include "lib/pubsub/publish.h"

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <ctime>
#include <string>
#include <vector>

#include "lib/base/owned.h"
#include "tests/support/peer.h"
#include "tests/support/redis_server.h"

using namespace hail;
using base::Exit;
using support::cut;
using support::Peer;
using support::read_until;
using support::send;
using support::stall;

namespace {

// Gives these payloads in turn; "wait" is a pause after which the input is readable, "bad" is wrong input.
class Source : public pubsub::MessageSource {
  public:
    explicit Source(std::vector<std::string> payloads) : payloads_(std::move(payloads)) {}

    Next next(Item& item) override {
        if (at_ == payloads_.size()) {
            return Next::end;
        }
        const std::string& payload = payloads_[at_++];
        if (payload == "bad") {
            throw base::Error(Exit::bad_input, "reading the input: bad");
        }
        item = {{.channel = "c", .payload = payload}, at_};
        return payload == "wait" ? Next::wait : Next::item;
    }
    int descriptor() const override { return always_readable_.number(); }

  private:
    std::vector<std::string> payloads_;
    std::size_t at_ = 0;
    base::Descriptor always_readable_{::eventfd(1, EFD_CLOEXEC)};
};

class Sink : public pubsub::PublishSink {
  public:
    void accepted(std::uint64_t number, const pubsub::Accepted& answer) override {
        text += std::to_string(number) + "+" + std::to_string(answer.receivers.value_or(-1)) + " ";
    }
    void refused(std::uint64_t number, const base::Error&, pubsub::Refused) override {
        text += std::to_string(number) + "- ";
    }
    void warn(const std::string& what) override { text += what; }
    void pause() override {}
    std::string text;
};

struct Published {
    Published(const Peer& peer, Source source, const pubsub::PublishOptions& options = {}) {
        const pubsub::Broker broker{
            net::parse_address(peer.address(""),
                               {.family = net::AddressRules::Family::broker, .default_scheme = {}}),
            {}};
        base::Stop stop;
        summary = pubsub::publish(broker, source, sink, options, stop);
    }
    Sink sink;
    pubsub::PublishSummary summary;
};

}  // namespace

TEST_CASE("publish: every message is accepted once, in order, even if the input pauses") {
    const Peer peer(
        {{read_until("\r\na\r\n"), send(":1\r\n"), read_until("\r\nb\r\n"), send(":0\r\n"), stall()}});
    const Published published(peer, Source({"a", "wait", "wait", "b"}));
    CHECK(published.sink.text == "1+1 4+0 ");
    CHECK(published.summary.read == 2);
    CHECK(published.summary.accepted == 2);
    CHECK(published.summary.last == 4);
    CHECK_FALSE(published.summary.failure.has_value());
}

TEST_CASE("publish: when the connection breaks, exactly the messages without an answer are unknown") {
    const Peer peer({{read_until("\r\nd\r\n"), send(":0\r\n:0\r\n"), cut()}});
    const Published published(peer, Source({"a", "b", "c", "d"}));
    CHECK(published.sink.text == "1+0 2+0 ");
    CHECK(published.summary.loss.unknown == 2);
    CHECK(published.summary.loss.not_sent == 0);
    CHECK(published.summary.loss.first_tag == 3);
    REQUIRE(published.summary.failure.has_value());
    CHECK(published.summary.failure->exit() == Exit::unknown);
}

TEST_CASE("publish: the time of the next message is not waited for once no more is wanted") {
    const Peer peer(
        {{read_until("\r\nb\r\n"), send(support::unknown_hello + std::string("-ERR no\r\n")), stall()}});
    const std::clock_t begin = std::clock();
    const Published published(peer, Source({"a", "b", "c"}),
                              {.after_refusal = pubsub::PublishOptions::AfterRefusal::stop_reading,
                               .rate = 50,
                               .drain_timeout = base::Milliseconds(1'000)});
    CHECK(published.summary.refused == 1);
    CHECK(published.summary.loss.unknown == 1);
    // Without a rest, it would use the processor for the whole second.
    CHECK(std::clock() - begin < CLOCKS_PER_SEC / 2);
}

TEST_CASE("publish: wrong input ends the reading, and earlier messages are drained") {
    const Peer peer({{read_until("\r\nb\r\n"), send(":0\r\n:0\r\n"), stall()}});
    const Published published(peer, Source({"a", "b", "bad", "c"}));
    CHECK(published.summary.accepted == 2);
    CHECK(published.summary.loss.unknown == 0);
    REQUIRE(published.summary.failure.has_value());
    CHECK(published.summary.failure->exit() == Exit::bad_input);
}

TEST_CASE("publish: an error reply ends the reading if it also concerns the rest") {
    using Options = pubsub::PublishOptions;
    const auto read = [](const std::string& error, const Options& options) {
        const Peer peer({{read_until("\r\na\r\n"), send(support::unknown_hello + ("-" + error) + "\r\n"),
                          read_until("\r\nb\r\n"), send(":0\r\n"), stall()}});
        const Published published(peer, Source({"a", "wait", "b"}), options);
        CHECK(published.summary.refused == 1);
        return published.summary.read;
    };
    const std::string channel = "NOPERM this user has no permissions to access one of the channels";
    CHECK(read(channel, {.window = 1}) == 1);
    CHECK(read(channel, {.window = 1, .channels = Options::Channels::many}) == 2);
    CHECK(read("NOAUTH Authentication required.", {.window = 1, .channels = Options::Channels::many}) == 1);
    CHECK(read("OOM", {.window = 1}) == 2);
    CHECK(read("OOM", {.window = 1, .after_refusal = Options::AfterRefusal::stop_reading}) == 1);
}

TEST_CASE("publish: a peer that stops reading stops the input") {
    class Endless : public pubsub::MessageSource {
      public:
        Next next(Item& item) override {
            item = {{.channel = "c", .payload = payload_}, ++given};
            return Next::item;
        }
        int descriptor() const override { return -1; }
        std::uint64_t given = 0;

      private:
        std::string payload_ = std::string(10'000, 'x');
    };
    const Peer peer({{read_until("x\r\n"), send(":0\r\n"), [](support::Connection& connection) {
                          connection.pause(base::Milliseconds(60'000));
                      }}});
    pubsub::Broker broker{net::parse_address(peer.address(""), {.family = net::AddressRules::Family::broker,
                                                                .default_scheme = {}}),
                          {}};
    broker.connect.timeout = base::Milliseconds(300);
    Endless source;
    Sink sink;
    base::Stop stop;
    const auto summary = pubsub::publish(broker, source, sink, {.window = 100'000'000}, stop);
    REQUIRE(summary.failure.has_value());
    CHECK(summary.failure->exit() == Exit::timed_out);
    // Sent bytes fill the kernel's buffers; only the publisher's bound and one message wait here.
    CHECK(summary.loss.not_sent <= 27);
    CHECK(summary.loss.unknown > 16);
    CHECK(summary.accepted + summary.loss.unknown + summary.loss.not_sent == source.given);
}
