// The bytes of the messages that are published to RabbitMQ.
//
// Shape:   the frames before the body are the same for all messages to one place with the same properties:
//          they are encoded once, and only the size of the body changes. A small message is one piece of
//          memory. A body larger than a frame is cut.
// Throws:  Error(usage) for a channel, a property or a header that AMQP cannot carry.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/amqp/channel_name.h"
#include "lib/amqp/table.h"
#include "lib/net/out_blocks.h"
#include "lib/pubsub/amqp_options.h"
#include "lib/pubsub/message.h"

namespace hail::pubsub {

class AmqpEncoder {
  public:
    // The options must outlive this. Wrong ones are refused here.
    explicit AmqpEncoder(const AmqpPublishing& options);

    // Makes the frames before the body of this message, if they are not those of the last one.
    void prepare(const Message& message, std::uint64_t tag);

    const amqp::Place& place() const { return place_; }
    std::size_t place_hash() const { return place_hash_; }
    std::size_t header_size() const { return frames_.size() - header_; }
    bool names_user() const { return names_user_; }  // it has a user_id, which the broker may refuse

    // Appends the frames of the prepared message, with as much of the body as `payload` is.
    void append(net::OutBlocks& out, std::uint16_t channel, std::uint64_t body_size, std::string_view payload,
                std::size_t frame_max);
    // A later piece of a body.
    static void append_body(net::OutBlocks& out, std::uint16_t channel, std::string_view payload,
                            std::size_t frame_max);

  private:
    void set_place(std::string_view channel);
    std::string properties_of(const Message& message, std::uint64_t tag) const;
    void set_frames(const std::string& properties);

    const AmqpPublishing& options_;
    const std::string run_;  // begins automatic message ids
    std::string usual_;      // the properties of messages without any of their own
    std::string channel_;    // the text of place_
    amqp::Place place_;
    std::size_t place_hash_ = 0;
    std::string frames_;      // before the body
    std::size_t header_ = 0;  // where the header frame begins
    bool has_usual_ = false;  // frames_ has the usual properties
    bool known_place_ = false;
    bool names_user_ = false;
};

// The header with the value "error" of an answer whose payload is the text of a failure.
inline constexpr std::string_view failure_header = "hail-status";

std::size_t place_hash(std::string_view exchange, std::string_view key);

// By this and its size, a message that comes back is known, because no tag comes with it: a hash of its place
// and of the beginning of its body. Messages that share all this are the same to a sender who repeats them.
constexpr std::size_t fingerprint_bytes = 256;
std::size_t fingerprint(std::size_t place_hash, std::string_view body);

}  // namespace hail::pubsub
