// The parts of a message that only RabbitMQ has, as subscribe shows them.
//
// Shape:   in JSON: exchange, routing_key, queue if it has a name, redelivered if it is true, offset in a
//          stream, and properties, an object with those that the message has. headers is one of them, with
//          values as lib/amqp reads them: texts as strings, or as {"base64":...} if they are not UTF-8. If
//          the name of a header is not UTF-8, headers_base64 is an array of names and values by turns
//          instead. Another value that is not UTF-8 is in a member whose name ends in _base64.
// Throws:  nothing.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/pubsub/message.h"

namespace hail::cli::output {

inline bool is_amqp(const pubsub::Message& message) {
    return message.exchange.has_value();
}

// Appends ,"exchange":... and so on.
void append_amqp_members(std::string& out, const pubsub::Message& message);

// Empty if the message does not have it; JSON for a header of another type than text.
std::string_view header_of(const pubsub::Message& message, std::string_view name);
std::string_view property_of(const pubsub::Message& message, std::string_view name);

// The id that the broker gave a message, or its property message_id; empty if there is none.
std::string_view id_of(const pubsub::Message& message);

// The name of a header as part of the name of a variable; nothing if it has other characters than letters,
// digits, underscores, and dashes, which become underscores.
std::optional<std::string> variable_of(std::string_view header);

// Appends ,"name":"value" or ,"name_base64":"...".
void append_text_member(std::string& out, std::string_view name, std::string_view value);

}  // namespace hail::cli::output
