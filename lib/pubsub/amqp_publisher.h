// Publisher for a RabbitMQ server: every message is confirmed, with many in flight.
//
// Shape:   messages go out on channel 1. RabbitMQ answers some faults by closing the channel, without saying
//          which message was at fault, and drops what was sent after it. So a message that may meet such a
//          fault (the first one to an exchange, a very large one, one that names its user) goes out alone:
//          it waits until those before it are answered, and those after it wait for its answer. If the
//          channel is closed, it is the one that is refused, and the rest goes on on a new channel. Why not
//          on a channel of its own: the broker keeps the order of messages only within a channel.
// Truth:   if the channel is closed with others in flight, they are unknown, as after a lost connection.
// Source:  https://www.rabbitmq.com/docs/confirms, channels; the behaviour of RabbitMQ 3.10.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/amqp/confirm_window.h"
#include "lib/amqp/content.h"
#include "lib/amqp/session.h"
#include "lib/base/error.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/net/out_blocks.h"
#include "lib/pubsub/amqp_encoder.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/publisher.h"

namespace hail::pubsub {

amqp::SessionOptions session_options(const AmqpConnection& options);

class AmqpPublisher : public Publisher {
  public:
    AmqpPublisher(net::Address address, net::ConnectOptions connect, AmqpConnection connection,
                  const PublisherOptions& options, AnswerSink& answers, const base::Stop& stop);
    ~AmqpPublisher() override;

    bool has_room() const override;
    void publish(const Message& message, std::uint64_t tag) override;
    void exchange() override;
    net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                    std::span<pollfd> others) override;
    std::uint64_t in_flight() const override;
    bool blocked() const override { return session_ && session_->blocked().has_value(); }
    bool broken() const override { return broken_; }
    Loss loss() const override;
    const std::vector<std::string>& warnings() const override { return warnings_; }

  private:
    struct Channel {
        bool open = false;           // its opening was asked for
        bool answered = false;       // the broker has answered something on it
        std::uint64_t declares = 0;  // without their answers
        amqp::ConfirmWindow window{};
        amqp::Content content{};  // of a message that came back
        struct Returned {
            std::size_t place_hash = 0;
            std::uint64_t size = 0;
            std::string words;
            std::string beginning{};  // of its body
        } returned{};
    };
    // The message whose pieces are not all there yet.
    struct Pieces {
        std::uint64_t tag = 0;
        std::uint64_t left = 0;
        bool dropped = false;  // it was refused: nobody wants the rest
    };

    void connect(const net::Address& address);
    void reopen_if_closed();
    void send(const Message& message, std::uint64_t tag);
    void send_piece(const Message& message);
    void note_end();
    bool send_held();  // false if nothing is held, or it must wait longer
    void begin(amqp::ConfirmWindow::Sent message);
    void open_channel();
    void declare();   // the place of the prepared message
    void look_for();  // the same place, without making it
    bool holds() const { return alone_ && alone_->held; }
    std::string proof() const;  // of the prepared message's place
    bool may_be_at_fault(std::uint64_t size) const;
    void tell_local_refusals();
    void transfer();  // sends and receives what can be sent and received now

    bool read_frames();
    void take(const amqp::Frame& frame);
    void take_method(const amqp::Frame& frame);
    void take_answer(const amqp::Ack& ack, amqp::ConfirmWindow::Verdict verdict);
    void take_return(std::string_view payload);
    void end_return();
    void take_close(const amqp::Close& close);
    base::Error refusal(const std::string& why, const std::string& hint = {}) const;
    void note_blocked();
    void lost(const net::Failure& why);
    void connection_closed();
    [[noreturn]] void reject(const std::string& why) const;

    const net::Address address_;
    const net::ConnectOptions options_;
    const AmqpConnection connection_options_;
    const AmqpPublishing publishing_;
    const std::string where_;
    const std::size_t window_;
    const RenewAddress renew_;
    AnswerSink& answers_;
    const base::Stop& stop_;
    AmqpEncoder encoder_;
    std::unique_ptr<amqp::Session> session_;
    Channel channel_;
    std::set<std::string, std::less<>> proved_;  // exchanges, or declared places, that took a message
    // A place that exists in any form is good enough, unless a certain form is wanted.
    enum class Declaring { no, look, looking, yes };
    struct Alone {
        amqp::ConfirmWindow::Sent message;
        std::string place;  // that it proves
        Declaring declaring = Declaring::no;
        std::optional<net::OutBlocks> held = {};  // its bytes, until nothing else is in flight or looked for
    };
    Declaring how_to_declare() const;
    std::optional<Alone> alone_;  // nothing else is sent until it is answered
    Pieces pieces_;
    bool full_ = false;  // the window was full, and is not empty enough yet
    bool fresh_ = true;  // nothing was sent on this connection
    bool broken_ = false;
    bool rejected_ = false;  // the broker has read nothing of what is in flight
    net::Failure why_;
    struct Local {
        std::uint64_t tag = 0;
        base::Error error;
    };
    std::deque<Local> refused_here_;
    std::vector<std::string> warnings_;
    bool told_blocked_ = false;
};

}  // namespace hail::pubsub
