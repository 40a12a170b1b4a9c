// The names that CHANNEL has for RabbitMQ: a queue, or an exchange and a key.
//
// Shape:   without a slash, or after a leading one, the text is the name of a queue, which is the key of the
//          default exchange. Otherwise the first slash ends the exchange. In the exchange, and there alone,
//          %2F is a slash and %25 a percent sign. Any bytes are allowed.
//          Writing a place and parsing it again gives the same place.
// Throws:  parse_channel() Error(usage) for an empty queue, and for a name of more than 255 bytes.
// Source:  AMQP 0-9-1, short strings; hail(1), CHANNEL.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hail::amqp {

inline constexpr std::size_t longest_name = 255;  // bytes; AMQP's short strings hold no more

struct Place {
    std::string exchange;  // empty: the default exchange, whose keys are the names of queues
    std::string key;       // or the name of the queue

    bool is_queue() const { return exchange.empty(); }
    bool operator==(const Place&) const = default;
};

Place parse_channel(std::string_view text);

// Appends the one spelling that subscribe --json prints: a queue is bare where it has no slash.
void append_channel(std::string& out, std::string_view exchange, std::string_view key);
std::string channel_text(const Place& place);

}  // namespace hail::amqp
