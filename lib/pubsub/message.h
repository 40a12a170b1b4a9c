// One message, as a broker delivers it or as it is given to be published.
//
// Shape:   views: those of a delivered message lead into the connection's buffer and are valid during the
//          call that hands them over. A member that the broker does not have stays empty: plain
//          publish/subscribe of Redis has only channel, pattern and payload.
// Source:  https://redis.io/docs/latest/develop/data-types/streams (id, fields); the class basic of AMQP
//          0-9-1 (headers, properties, reply-to, correlation-id, redelivered).

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hail::pubsub {

// A field of a stream's entry, a header or a property.
struct Field {
    enum class Kind {
        bytes,  // the value as it is
        json,   // the text of a JSON value, for headers and properties that have other types
    };
    std::string_view name;
    std::string_view value;
    Kind kind = Kind::bytes;
};

struct Message {
    std::string_view channel;
    std::optional<std::string_view> pattern{};  // the pattern that matched, if it came through one
    std::string_view payload{};
    bool more = false;  // this payload is a piece, and the rest follows as further messages
    // The size of the whole payload, on its first piece: a publisher must know it.
    std::optional<std::uint64_t> size{};

    // The number under which it is settled (Subscriber::settle); 0: the broker expects no acknowledgement.
    std::uint64_t delivery = 0;
    std::optional<std::string_view> id{};  // of the entry or the message, as the broker or the sender gave it
    std::optional<std::chrono::system_clock::time_point> time{};  // by the broker's clock
    std::span<const Field> fields{};                              // fields beside the payload, or headers
    std::span<const Field> properties{};                          // named by the broker's protocol
    std::optional<std::string_view> reply_to{};
    std::optional<std::string_view> correlation_id{};
    bool failed = false;           // an answer with the text of a failure
    std::uint64_t deliveries = 1;  // 1: delivered for the first time, as far as the broker knows

    // Of RabbitMQ, which `channel` names together; the queue only if it has a name that the user gave.
    std::optional<std::string_view> exchange{};
    std::optional<std::string_view> routing_key{};
    std::optional<std::string_view> queue{};
    std::optional<std::uint64_t> offset{};  // in a stream of RabbitMQ
    bool redelivered = false;               // it may have been seen before
};

}  // namespace hail::pubsub
