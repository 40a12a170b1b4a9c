// Publisher of messages to a broker. Many are in flight at once, and the answer to each is read.
//
// Shape:   publish() only queues; exchange() moves bytes both ways and hands the answers over, with the tags
//          of their messages: Redis answers in order, RabbitMQ in any order. A message is accepted once its
//          answer has been read; until then it is in flight. If the connection breaks, messages of which a
//          byte was sent are unknown and the others were not sent: loss() counts them, and nothing is sent
//          again. If the server closed the connection while nothing was in flight, it is reopened silently.
// Throws:  when connecting, as lib/net/byte_stream.h and the broker's login do; Error(bad_reply) for garbage.

#pragma once

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/net/byte_stream.h"
#include "lib/net/failure.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/message.h"
#include "lib/pubsub/renewal.h"

namespace hail::pubsub {

// Messages are appended to streams instead of being published to channels.
struct StreamAppend {
    std::optional<std::uint64_t> most{};  // about so many entries are kept; empty: all

    // Explicit ids show that a message is already there. They must increase, and nobody else may append.
    enum class Ids { by_broker, by_tag, given };
    Ids ids = Ids::by_broker;
};

struct PublisherOptions {
    std::size_t window = 1'000;  // messages in flight at once
    // The same while the connection has no answer, or the last one was a refusal for now. A server that wants
    // a login cuts a client to which it has more than 1 KiB to say, and what it said may then be lost.
    std::size_t first_window = 16;
    // Refuse a node that counts only some of the receivers; warn of it if `receivers` alone is set.
    bool counts_all = false;
    bool receivers = false;
    RenewAddress renew{};                  // for reopening; open_publisher() sets it
    std::optional<StreamAppend> stream{};  // empty: to channels
    AmqpPublishing amqp{};
};

// The messages that an error reply refuses.
enum class Refused {
    message,  // only this one, as far as is known
    for_now,  // only this one, by a state of the broker that may pass
    channel,  // every message to its channel
    client,   // everything that this client publishes
};

// An acceptance, as far as the broker tells.
struct Accepted {
    std::optional<std::int64_t> receivers{};  // on the node that was asked
    std::optional<std::string_view> id{};     // of a stream's entry
    bool repeated = false;                    // the stream had this id, or a later one, before
};

// Receives the broker's answer to each message. `tag` is the one given to publish(), such as the line of the
// input.
class AnswerSink {
  public:
    AnswerSink() = default;
    AnswerSink(const AnswerSink&) = delete;
    AnswerSink& operator=(const AnswerSink&) = delete;
    virtual ~AnswerSink() = default;
    virtual void accepted(std::uint64_t tag, const Accepted& answer) = 0;
    // The error has the words of the broker, and a hint.
    virtual void refused(std::uint64_t tag, const base::Error& error, Refused what) = 0;
};

// A connection that broke with messages in flight.
struct Loss {
    net::Failure why;
    std::uint64_t unknown = 0;    // messages of which something was sent
    std::uint64_t not_sent = 0;   // messages that were only queued, or that the broker did not read
    std::uint64_t first_tag = 0;  // the tag of the first of all these
};

class Publisher {
  public:
    Publisher() = default;
    Publisher(const Publisher&) = delete;
    Publisher& operator=(const Publisher&) = delete;
    virtual ~Publisher() = default;

    // Whether the window and the send buffer have room for one more message of any size.
    virtual bool has_room() const = 0;

    // Queues one message; connects again first if the server closed an idle connection.
    virtual void publish(const Message& message, std::uint64_t tag) = 0;

    // Sends and receives without waiting, until neither is possible.
    virtual void exchange() = 0;

    // Sleeps until something can be sent or received, one of the others is ready, the stop is raised or the
    // deadline passes.
    virtual net::Ready wait(const base::Deadline& deadline, const base::Stop* stop,
                            std::span<pollfd> others) = 0;

    virtual std::uint64_t in_flight() const = 0;

    // The broker has said that it takes no messages for now: its silence is not a fault.
    virtual bool blocked() const { return false; }

    virtual bool broken() const = 0;
    virtual Loss loss() const = 0;  // includes messages still in flight, when giving up

    // Oddities that did no harm, as text for the user; more may come with any answer.
    virtual const std::vector<std::string>& warnings() const = 0;
};

}  // namespace hail::pubsub
