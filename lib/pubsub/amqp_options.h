// Settings that only RabbitMQ has: of the connection, of what is published and of how it is consumed.
//
// Shape:   texts are the user's; open_publisher() and open_subscriber() check them before they connect.
// Throws:  parse_offset() Error(usage).
// Source:  AMQP 0-9-1; https://www.rabbitmq.com/docs/queues (optional arguments), /docs/streams.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/pubsub/message.h"

namespace hail::pubsub {

// A Field that owns its texts: a header, a property, an argument of a queue or of a binding.
struct OwnedField {
    std::string name;
    std::string value;
    Field::Kind kind = Field::Kind::bytes;
};

struct AmqpConnection {
    enum class Auth {
        automatic,  // external with a client certificate and without a user, otherwise plain
        plain,
        external,
    };
    Auth auth = Auth::automatic;
    std::optional<base::Milliseconds> heartbeat{};  // 0: none; empty: that of the address, or the broker's
    std::string name = "hail";                      // as the broker's lists of connections show it
};

// A queue or an exchange that is made if it does not exist.
struct AmqpDeclaration {
    enum class QueueType { unspecified, classic, quorum, stream };
    QueueType queue_type = QueueType::unspecified;
    std::optional<std::string> exchange_type{};   // direct, fanout, headers or that of a plugin; empty: topic
    std::vector<OwnedField> arguments{};          // such as x-max-length
    std::optional<base::Milliseconds> expires{};  // a queue that nobody uses goes after this time
};

struct AmqpPublishing {
    // Named as subscribe --json names them: content_type, content_encoding, delivery_mode, priority,
    // correlation_id, reply_to, expiration (milliseconds), message_id, timestamp (seconds), type, user_id,
    // app_id, cluster_id. The properties and headers of a message itself take precedence, name by name.
    std::vector<OwnedField> properties{};
    std::vector<OwnedField> headers{};

    bool transient = false;         // delivery mode 1 instead of 2, unless a property says otherwise
    bool allow_unroutable = false;  // a message that no queue gets is not an error
    bool keep_user_id = false;      // the user_id of a message is sent; else it is left out
    bool timestamp_now = false;     // each message gets the time at which it is sent

    // message_id is made of a random number of the run and the tag of the message, such as its line.
    enum class MessageIds { given, automatic };
    MessageIds message_ids = MessageIds::given;

    std::optional<AmqpDeclaration> declare{};  // what a message is sent to is declared first; empty: is not
};

struct AmqpConsuming {
    std::uint16_t prefetch = 1'000;  // messages that were delivered and are not settled; 0: no limit

    enum class Ack {
        output,    // once a message is written or its program succeeded
        delivery,  // the broker forgets a message as soon as it has sent it
        never,     // every message goes back to the queue at the end
    };
    Ack ack = Ack::output;

    // After Settlement::failed.
    enum class OnFailure {
        stop,     // end the run; the message goes back to the queue
        requeue,  // give it back after a pause, which grows from 1 s to 30 s
        reject,   // the broker drops it or puts it into its dead-letter exchange
    };
    OnFailure on_failure = OnFailure::stop;

    std::string offset{};  // of a stream: first, last, next, a number, a duration ago or a time; empty: next
    std::string queue{};   // the durable queue that is bound; empty: a temporary one, for each connection
    AmqpDeclaration bound{.expires = std::chrono::hours(1)};  // that queue, which is made if it is missing
    std::optional<AmqpDeclaration>
        declare{};               // a queue or exchange that is missing is made; empty: that is an error
    bool exclusive = false;      // no other consumer may read the queue
    std::string consumer_tag{};  // empty: the broker chooses it

    // Of the bindings to a headers exchange; with a match they are sent even if there are none.
    enum class Match { all, any };
    std::vector<OwnedField> bind_headers{};
    Match match = Match::all;
};

// A place in a stream.
struct AmqpOffset {
    enum class Kind { word, number, time };
    Kind kind = Kind::word;
    std::string word = "next";  // first, last or next
    std::uint64_t number = 0;   // the offset, or seconds since 1970
};

// "first", "last", "next", "1234", "10m" (ago) or "2026-01-31T12:00:00Z".
AmqpOffset parse_offset(std::string_view text);

// The state of a reading that outlives its connections.
struct AmqpState {
    // Numbers of deliveries of later connections are above those of earlier ones.
    std::uint64_t last_delivery = 0;
    // The offset after the last message that was handed over, for each stream by its name.
    std::map<std::string, std::uint64_t, std::less<>> next_offsets{};
    // Queues whose messages have such an offset only because they came out of a stream once.
    std::set<std::string, std::less<>> other_queues{};
    std::set<std::string, std::less<>> consumed{};  // queues that existed once
    std::uint64_t unsettled = 0;  // messages that were handed over, when a connection was lost
};

}  // namespace hail::pubsub
