// A subscriber of a scripted RabbitMQ server, what it has received, and what ended it.

#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/pubsub/broker.h"
#include "tests/support/amqp_frames.h"
#include "tests/support/peer.h"

namespace hail::support::amqp {

// "channel|payload" a line, with what is unusual.
class Messages : public pubsub::MessageSink {
  public:
    void take(const pubsub::Message& message) override {
        text += std::string(message.channel) + "|" + std::string(message.payload);
        text += message.redelivered ? "|again" : "";
        text += message.offset ? "|" + std::to_string(*message.offset) : "";
        text += message.more ? "..." : "\n";
        for (const auto* const fields : {&message.properties, &message.fields}) {
            for (const pubsub::Field& field : *fields) {
                text += " " + std::string(field.name) + "=" + std::string(field.value) + "\n";
            }
        }
        if (!message.more) {
            deliveries.push_back(message.delivery);
        }
    }
    bool takes_pieces() const override { return pieces; }
    bool takes_properties() const override { return properties; }
    void warn(const std::string& what) override { text += "warning: " + what + "\n"; }
    std::string text;
    std::vector<std::uint64_t> deliveries;
    bool pieces = false;
    bool properties = false;
};

class Subscribed {
  public:
    explicit Subscribed(std::vector<Script> scripts, const std::vector<std::string>& channels = {"q"},
                        pubsub::SubscriberOptions options = {})
        : server(std::move(scripts)), options_(std::move(options)), channels_(channels) {
        open();
    }
    void open() {
        subscriber.reset();
        subscriber = pubsub::open_subscriber(broker_of(server), {.channels = channels_, .patterns = {}},
                                             options_, messages, stop_);
    }
    // Receives until so many messages are there and everything is confirmed.
    std::string receive(std::size_t count) {
        receive_until([&] { return subscriber->ready() && messages.deliveries.size() >= count; });
        return messages.text;
    }
    // What the server has seen is no event here, so no wait is long.
    template <typename Done>
    void receive_until(const Done& done) {
        const auto give_up = base::Deadline::after(base::Milliseconds(20'000));
        while (!done() && !give_up.passed()) {
            if (!subscriber->receive() && !done()) {
                subscriber->wait(sooner(give_up, base::Deadline::after(base::Milliseconds(20))), nullptr, {});
            }
        }
        CHECK(done());
    }
    void finish() {
        subscriber->stop_reading();
        receive_until([&] { return subscriber->settled(); });
    }

    Peer server;
    Messages messages;

  private:
    base::Stop stop_;
    pubsub::SubscriberOptions options_;
    std::vector<std::string> channels_;

  public:
    std::unique_ptr<pubsub::Subscriber> subscriber;
};

inline const std::string queue_answers = channel_open_ok() + qos_ok() + declare_ok("q") + consume_ok("ctag");

inline Script queue_script(const std::string& more, std::vector<Step> steps = {stall()}) {
    Script script{log_in(), read_frames(4), send(queue_answers + more)};
    script.insert(script.end(), steps.begin(), steps.end());
    return script;
}

struct Fault {
    base::Exit exit = base::Exit::ok;
    std::string text;
    std::string hint;
    bool lost = false;
};

template <typename Call>
Fault fault_in(const Call& call) {
    try {
        call();
    } catch (const pubsub::ConnectionLost& error) {
        return {error.exit(), error.what(), error.hint(), true};
    } catch (const base::Error& error) {
        return {error.exit(), error.what(), error.hint(), false};
    }
    return {};
}

inline Fault fault_after(const std::string& bytes) {
    Subscribed run({queue_script(bytes, {cut()})});
    return fault_in([&] { run.receive(99); });
}

}  // namespace hail::support::amqp
