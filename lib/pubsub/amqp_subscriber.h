// Subscriber for a RabbitMQ server: to queues, and to bindings of exchanges through a queue of their own.
//
// Shape:   everything on channel 1. The methods that ask for the subscriptions go out in one piece. Their
//          answers come in the same order, apart from those of consumers, which come from the queues. All
//          bindings share one queue, so that a message comes once. A message is settled when the sink has
//          handled it, and acknowledgements go out before each read.
// Throws:  Error(usage) for wrong options and channels, before anything is sent; Error(refused) for a queue
//          or a right that is missing; ConnectionLost, also when a temporary queue is gone.
// Source:  https://www.rabbitmq.com/docs/consumers, streams; the behaviour of RabbitMQ 3.10.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/amqp/ack_window.h"
#include "lib/amqp/channel_name.h"
#include "lib/amqp/content.h"
#include "lib/amqp/session.h"
#include "lib/amqp/table.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/subscriber.h"

namespace hail::pubsub {

// The queues and bindings that the command line names.
struct AmqpReading {
    std::vector<std::string> queues{};
    std::vector<amqp::Place> bindings{};

    // One for each queue, and one for all bindings.
    std::size_t consumers() const { return queues.size() + (bindings.empty() ? 0 : 1); }
};
AmqpReading amqp_reading(const Subscriptions& subscriptions, const AmqpConsuming& options);

// The methods that ask for it, in their order, and the answers that they get.
struct AmqpRequest {
    std::string frames{};
    struct Answer {
        amqp::Method method{};
        std::string queue{};     // that is declared or consumed; empty: the temporary one
        std::string exchange{};  // that is bound
        std::string tag{};       // of the consumer; empty: the broker chooses it
    };
    std::deque<Answer> answers{};
};
// Those that are missing are declared, others are only looked for.
struct AmqpMissing {
    std::set<std::string, std::less<>> queues{};
    std::set<std::string, std::less<>> exchanges{};
};
AmqpRequest amqp_request(const AmqpReading& reading, const AmqpConsuming& options, const AmqpState& state,
                         const AmqpMissing& missing);

class AmqpSubscriber : public Subscriber {
  public:
    AmqpSubscriber(const net::Address& address, const net::ConnectOptions& connect,
                   const AmqpConnection& connection, const Subscriptions& subscriptions,
                   const SubscriberOptions& options, MessageSink& messages, const base::Stop& stop);
    ~AmqpSubscriber() override;

    bool ready() const override { return expected_.empty(); }
    bool in_message() const override { return !content_.idle() || session_->in_frame(); }
    bool receive() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    base::Deadline stay_alive() override;
    void settle(std::uint64_t delivery, Settlement settlement) override;
    bool settled() const override;
    bool resumes() const override;
    bool at_end() const override { return false; }
    void stop_reading() override;
    std::optional<Unread> unread() const override;
    const std::vector<std::string>& warnings() const override { return warnings_; }

  private:
    struct Consumer {
        std::string tag;
        std::string queue;   // empty: the temporary one
        bool asked = false;  // the first message was looked at
        bool is_stream = false;
    };
    // The message that is being received. Views lead into the buffer until keep().
    struct Incoming {
        amqp::Deliver deliver{};
        std::string_view properties{};
        std::string kept{};  // exchange, key and properties, when the buffer is needed
        std::string body{};
        std::uint64_t size = 0;
        Consumer* consumer = nullptr;
        bool skipped = false;
        bool in_pieces = false;
        bool is_kept = false;
    };

    void ask();
    void take(const amqp::Frame& frame);
    void take_late(const amqp::Frame& frame);
    void close_if_stopped();
    void take_method(const amqp::Frame& frame);
    void take_answer(amqp::Method method, std::string_view payload);
    void take_deliver(std::string_view payload);
    void begin_body(std::string_view payload);
    void note_skipped();
    void take_body(std::string_view payload);
    void hand_over(std::string_view payload, bool more);
    void read_properties(Message& message);
    std::uint64_t note_delivery();
    void keep();
    void cancelled(std::string_view tag);
    void channel_closed(const amqp::Closed& closed);
    void ask_again(const std::string& why);
    bool is_about_offset(const amqp::Closed& closed);
    [[noreturn]] void throw_missing(const std::string& queue, const amqp::Closed& closed) const;
    [[noreturn]] void connection_closed();
    [[noreturn]] void lost(const net::Failure& trouble);
    [[noreturn]] void reject(const std::string& why) const;
    void failed(std::uint64_t tag);
    bool is_temporary() const { return !reading_.bindings.empty() && options_.amqp.queue.empty(); }
    bool forgets() const { return options_.amqp.ack == AmqpConsuming::Ack::delivery; }
    base::Deadline next_requeue() const;
    void send_due();
    bool acknowledges() const { return options_.amqp.ack == AmqpConsuming::Ack::output; }
    Consumer& consumer_of(std::string_view tag);

    const std::string where_;
    const SubscriberOptions options_;
    const AmqpReading reading_;
    AmqpState& state_;
    MessageSink& messages_;
    std::unique_ptr<amqp::Session> session_;
    std::deque<AmqpRequest::Answer> expected_;
    AmqpMissing missing_;
    std::deque<Consumer> consumers_;
    amqp::Content content_;
    Incoming incoming_;
    amqp::Properties properties_;
    std::vector<Field> fields_;  // of the message that is handed over
    std::vector<Field> headers_;
    std::string channel_text_;  // of the last message
    amqp::Place channel_place_;
    amqp::AckWindow acks_;
    std::uint64_t last_tag_ = 0;  // of the deliveries on this channel
    std::uint64_t base_ = 0;      // numbers of deliveries begin after this one
    std::string out_;
    struct Requeue {
        std::uint64_t tag = 0;
        base::Deadline at;
    };
    std::vector<Requeue> requeues_;
    std::uint64_t skipped_ = 0;        // messages that were too large, on this channel
    base::Milliseconds pause_{1'000};  // before a message is given back
    bool stopping_ = false;
    std::uint64_t unread_ = 0;  // messages that came after stop_reading()
    std::size_t cancels_ = 0;   // of consumers, without their answers
    bool over_ = false;         // the connection is lost or closed
    std::vector<std::string> warnings_;
};

}  // namespace hail::pubsub
