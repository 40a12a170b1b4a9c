#include "lib/pubsub/redis_stream_publisher.h"

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/redis/stream_commands.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;

std::string id_of(const Message& message, std::uint64_t tag, StreamAppend::Ids ids) {
    switch (ids) {
        case StreamAppend::Ids::by_broker:
            return "*";
        case StreamAppend::Ids::by_tag:
            return redis::StreamId{tag, 0}.text();
        case StreamAppend::Ids::given:
            break;
    }
    if (!message.id || !redis::parse_stream_id(*message.id)) {
        throw Error(Exit::bad_input,
                    "publishing message " + std::to_string(tag) + ": '" +
                        base::one_line(message.id.value_or(""), 60) + "' is not the id of a stream's entry",
                    "an id is a time in milliseconds and a number, such as 1526919030474-0");
    }
    return std::string(*message.id);
}

void append_entry(net::OutBlocks& out, const Message& message, std::uint64_t tag,
                  const StreamAppend& options) {
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    if (!message.payload.empty() || message.fields.empty()) {
        fields.emplace_back("payload", message.payload);
    }
    for (const Field& field : message.fields) {
        fields.emplace_back(field.name, field.value);
    }
    redis::append_xadd(out, message.channel, id_of(message, tag, options.ids), {.most = options.most},
                       fields);
}

}  // namespace

void RedisStreamPublisher::append(net::OutBlocks& out, const Message& message, std::uint64_t tag) {
    append_entry(out, message, tag, options_);
}

std::optional<Accepted> RedisStreamPublisher::acceptance(const redis::Token& answer) const {
    if (answer.kind == redis::Token::Kind::string) {
        return Accepted{.id = answer.text};
    }
    const bool repeated = options_.ids != StreamAppend::Ids::by_broker &&
                          answer.kind == redis::Token::Kind::error &&
                          answer.text.starts_with("ERR The ID specified in XADD is equal or smaller");
    return repeated ? std::optional(Accepted{.repeated = true}) : std::nullopt;
}

std::string redis_stream_publish(const Message& message, std::uint64_t tag, const StreamAppend& options) {
    net::OutBlocks out;
    append_entry(out, message, tag, options);
    return out.text();
}

}  // namespace hail::pubsub
