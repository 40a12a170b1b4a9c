// Request and reply over a broker whose messages are only bytes, such as Redis.
//
// Shape:   a message that expects an answer, or is one, begins with header lines, an empty line follows, and
//          the rest is the payload as it is:
//
//              hail-message: 1 reply-to: hail.reply.5f0c correlation-id: 5f0c-1
//
//              the payload
//
//          Names are in lower case, a line ends with a line feed, and other names may follow. An answer has
// the correlation-id of the request, and `status: error` if its payload is the text of a failure.
// hail-publish(1), REQUESTS describes it for other languages.
// Throws:  nothing. Bytes that are not such a message are a plain payload.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hail::pubsub {

struct Envelope {
    std::optional<std::string_view> reply_to{};  // views into the message
    std::optional<std::string_view> correlation_id{};
    bool failed = false;
    std::string_view payload{};
};

// Empty for a message without an envelope. No header is longer than 64 KiB together with the others.
std::optional<Envelope> read_envelope(std::string_view message);

// The values must not contain a line feed.
std::string write_envelope(const Envelope& envelope);

}  // namespace hail::pubsub
