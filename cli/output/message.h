// A message as subscribe prints it.
//
// Shape:   payload: its bytes and a terminator. json: one object with time (RFC 3339, UTC, microseconds),
//          channel, pattern if the message matched one, and payload. A value that is not UTF-8 becomes
//          channel_base64, pattern_base64 or payload_base64, so that the object is always valid JSON.
//          A template: text in which {channel}, {payload} and the other names stand for their values, \n, \t,
//          \r, \0, \e and \\ for these characters, and {{ for a brace.
//          An entry of a stream also has id, deliveries, and its fields other than the payload: fields is an
//          object, or fields_base64 is an array of names and values by turns if they are not UTF-8 or a name
//          comes twice. An entry without a payload has none here. A message of RabbitMQ has what
//          amqp_message.h adds.
// Throws:  template_of() Error(usage) for an unknown name.

#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "lib/pubsub/message.h"
#include "lib/pubsub/subscribe.h"

namespace hail::cli::output {

enum class MessageForm {
    payload,
    json,
    with_channel,  // the channel, a colon and the payload: for a person who follows several
    by_template,
};

enum class MessagePart {
    text,
    channel,
    pattern,
    payload,
    hex,
    base64,
    length,    // of the payload, in bytes
    sequence,  // 1 for the first message of the run
    time,      // UTC
    local_time,
    id,
    exchange,
    routing_key,
    queue,
    redelivered,
    offset,
    header,
    property,
};

struct TemplatePiece {
    MessagePart part = MessagePart::text;
    std::string text{};  // or the name of the header or property
};

std::vector<TemplatePiece> template_of(std::string_view text);

class MessageFormat {
  public:
    // `end` is a newline or a NUL.
    MessageFormat(MessageForm form, char end, std::vector<TemplatePiece> pieces = {})
        : form_(form), end_(end), pieces_(std::move(pieces)) {}

    void append(std::string& out, const pubsub::Message& message);

    bool is_json() const { return form_ == MessageForm::json; }
    // Those of RabbitMQ, which must be decoded for that.
    bool shows_properties() const;
    bool is_payload() const { return form_ == MessageForm::payload; }
    void append_end(std::string& out) const { out += end_; }

    // {"event":"gap","from":…,"to":…,"ms":…,"reason":…}
    void append_gap(std::string& out, const pubsub::Gap& gap) const;

    // {"event":"missing","why":"trimmed","channel":…,"count":…,"after":…}
    // {"event":"missing","why":"deleted"|"given-up","channel":…,"id":…,"deliveries":…}
    void append_missing(std::string& out, const pubsub::Missing& missing) const;

  private:
    enum class Zone { utc, local };
    struct Second {
        std::time_t at = -1;
        std::string text;  // which many messages share
    };

    void append_json(std::string& out, const pubsub::Message& message);
    void append_piece(std::string& out, const TemplatePiece& piece, const pubsub::Message& message);
    void append_time(std::string& out, Zone zone);

    MessageForm form_;
    char end_;
    std::vector<TemplatePiece> pieces_;
    std::uint64_t sequence_ = 0;
    std::chrono::system_clock::time_point time_;  // of the message
    Second utc_;
    Second local_;
};

// "received 12 messages in 3.4s (3.5 a second), 1 gap"
std::string summary_text(const pubsub::SubscribeSummary& summary, std::chrono::steady_clock::duration time);

// "connected again after 1.2s; messages published meanwhile are lost"
std::string gap_text(const pubsub::Gap& gap);

// "3 entries of 'jobs' were trimmed before they were read"
std::string missing_text(const pubsub::Missing& missing);

}  // namespace hail::cli::output
