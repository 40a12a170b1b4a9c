// Subscriber to channels and patterns of a broker.
//
// Shape:   the constructor asks for the subscriptions: ready() is true once the broker has confirmed every
//          channel and pattern. receive() hands over what has come; wait() sleeps, and meanwhile keeps the
//          connection alive and notices a dead peer. A subscriber is for one connection: after a loss, make a
//          new one.
// Throws:  receive() throws Error(refused) for a channel that is not allowed, ConnectionLost if the
//          connection is lost, Error(bad_reply) for garbage.

#pragma once

#include <poll.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/byte_stream.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/message.h"

namespace hail::pubsub {

struct Subscriptions {
    std::vector<std::string> channels;
    std::vector<std::string> patterns;
};

struct StreamState;

struct SubscriberOptions {
    base::Milliseconds silence{15'000};        // the peer is probed after this silence
    base::Milliseconds answer_within{10'000};  // for the answer to the probe; any bytes count
    bool envelopes = false;                    // requests and answers are expected (lib/pubsub/envelope.h)
    std::uint64_t max_message = 512UL << 20U;  // bytes; a larger payload is skipped, with a warning
    std::shared_ptr<StreamState> stream{};     // the channels are streams; empty: they are not
    AmqpConsuming amqp{};
    std::shared_ptr<AmqpState> amqp_state = std::make_shared<AmqpState>();
};

// The connection broke or is dead. A new one may go on, but messages may have been lost.
class ConnectionLost : public base::Error {
  public:
    using Error::Error;
};

// The result of handling a message.
enum class Settlement {
    done,    // its output is written, or its program succeeded: the broker may forget it
    failed,  // it was not handled: the broker keeps it, or gives it to somebody else
};

// Messages of a stream that nobody will handle.
struct Missing {
    enum class Why {
        trimmed,   // removed from the stream before they were read
        deleted,   // removed while they were pending
        given_up,  // delivered too often without success, and acknowledged now
    };
    Why why = Why::trimmed;
    std::string_view channel;
    std::optional<std::uint64_t> count = 1;  // empty: some, but nobody knows how many
    std::string_view id{};                   // of the only one, or of the last one before them
    std::uint64_t deliveries = 0;            // of the one that was given up
};

class MessageSink {
  public:
    MessageSink() = default;
    MessageSink(const MessageSink&) = delete;
    MessageSink& operator=(const MessageSink&) = delete;
    virtual ~MessageSink() = default;
    virtual void take(const Message& message) = 0;
    virtual bool takes_pieces() const { return false; }  // of large payloads, as they come

    // Properties and headers are shown. To decode them costs more than all the rest.
    virtual bool takes_properties() const { return false; }
    virtual void warn(const std::string& what) = 0;      // about the connection: odd, but not a failure
    virtual void missing(const Missing& /*missing*/) {}  // only of streams
};

class Subscriber {
  public:
    Subscriber() = default;
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;
    virtual ~Subscriber() = default;

    virtual bool ready() const = 0;

    // A message has begun and is not complete.
    virtual bool in_message() const = 0;

    // Hands over one buffer of the received bytes; false if no more have come yet.
    virtual bool receive() = 0;

    virtual net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                            std::span<pollfd> others) = 0;

    // Sends what keeps the connection alive if it is due, while nothing is read; returns when it is due next.
    virtual base::Deadline stay_alive() { return {}; }

    // A message was handled; `delivery` is the number that it came with. Plain publish/subscribe expects no
    // acknowledgement, and does nothing.
    virtual void settle(std::uint64_t delivery, Settlement settlement) = 0;

    // The last settlements are known to the broker; plain publish/subscribe has none.
    virtual bool settled() const = 0;

    // The broker keeps what is published while nobody is connected: a new subscriber goes on where this one
    // ended.
    virtual bool resumes() const = 0;

    // Everything was delivered that was to be read; plain publish/subscribe has no end.
    virtual bool at_end() const = 0;

    // No more messages are wanted; settlements are still told to the broker.
    virtual void stop_reading() = 0;

    // So many messages have come after stop_reading(), and the broker has forgotten them. Empty: it keeps
    // them, or they had no queue to come back to.
    struct Unread {
        std::uint64_t count = 0;
        bool all = false;  // no more were on their way
    };
    virtual std::optional<Unread> unread() const { return std::nullopt; }

    virtual const std::vector<std::string>& warnings() const = 0;
};

}  // namespace hail::pubsub
