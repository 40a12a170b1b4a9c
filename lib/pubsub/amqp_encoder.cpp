#include "lib/pubsub/amqp_encoder.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>

#include "lib/amqp/bytes.h"
#include "lib/amqp/codec.h"
#include "lib/amqp/frame.h"
#include "lib/base/random.h"
#include "lib/pubsub/amqp_declaration.h"

namespace hail::pubsub {

namespace {

using amqp::TableField;

constexpr std::size_t size_in_header = amqp::frame_head + 4;  // after class and weight
constexpr std::size_t run_id = 8;                             // bytes

bool has_name(const std::vector<TableField>& fields, std::string_view name) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const TableField& field) { return field.name == name; });
}

void add_own(std::vector<TableField>& fields, std::span<const Field> own) {
    for (const Field& field : own) {
        fields.push_back({field.name, field.value, field.kind == Field::Kind::json});
    }
}

// Those of the options, where the message does not have its own.
void add_usual(std::vector<TableField>& fields, const std::vector<OwnedField>& usual) {
    const std::vector<TableField> own = fields;
    for (const OwnedField& field : usual) {
        if (!has_name(own, field.name)) {
            fields.push_back({field.name, field.value, field.kind == Field::Kind::json});
        }
    }
}

bool is_generated(const AmqpPublishing& options) {
    return options.timestamp_now || options.message_ids == AmqpPublishing::MessageIds::automatic;
}

std::string seconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

std::size_t place_hash(std::string_view exchange, std::string_view key) {
    const std::hash<std::string_view> hash;
    return hash(exchange) * 31 + hash(key);
}

std::size_t fingerprint(std::size_t place_hash, std::string_view body) {
    return place_hash * 31 + std::hash<std::string_view>()(body.substr(0, fingerprint_bytes));
}

AmqpEncoder::AmqpEncoder(const AmqpPublishing& options)
    : options_(options), run_(base::random_hex(run_id)), usual_(properties_of({}, 0)) {
    amqp::check_typed(views_of(options_.headers));
}

std::string AmqpEncoder::properties_of(const Message& message, std::uint64_t tag) const {
    std::vector<TableField> properties;
    add_own(properties, message.properties);
    if (!options_.keep_user_id) {
        std::erase_if(properties, [](const TableField& field) { return field.name == "user_id"; });
    }
    // The answer to a request comes only to the address of the request itself.
    const auto of_request = [&](std::string_view name, const std::optional<std::string_view>& value) {
        if (value) {
            std::erase_if(properties, [&](const TableField& field) { return field.name == name; });
            properties.push_back({name, *value, false});
        }
    };
    of_request("reply_to", message.reply_to);
    of_request("correlation_id", message.correlation_id);
    const auto own = [&](std::string_view name, const std::optional<std::string_view>& value) {
        if (value && !has_name(properties, name)) {
            properties.push_back({name, *value, false});
        }
    };
    add_usual(properties, options_.properties);
    own("delivery_mode", options_.transient ? "1" : "2");
    const std::string now = options_.timestamp_now ? seconds_now() : "";
    if (options_.timestamp_now) {
        own("timestamp", now);
    }
    const std::string id = run_ + "-" + std::to_string(tag);
    if (options_.message_ids == AmqpPublishing::MessageIds::automatic) {
        own("message_id", id);
    }
    std::vector<TableField> headers;
    add_own(headers, message.fields);
    if (message.failed) {
        headers.push_back({failure_header, "error", false});
    }
    add_usual(headers, options_.headers);
    return amqp::properties_text(properties, headers);
}

void AmqpEncoder::set_place(std::string_view channel) {
    known_place_ = false;
    place_ = amqp::parse_channel(channel);
    place_hash_ = pubsub::place_hash(place_.exchange, place_.key);
    channel_ = channel;
    known_place_ = true;
    frames_.clear();
}

void AmqpEncoder::prepare(const Message& message, std::uint64_t tag) {
    if (!known_place_ || channel_ != message.channel) {
        set_place(message.channel);
    }
    const bool is_usual = message.properties.empty() && message.fields.empty() && !message.reply_to &&
                          !message.correlation_id && !message.failed && !is_generated(options_);
    const auto is_user = [](const auto& field) { return field.name == "user_id"; };
    names_user_ =
        std::any_of(options_.properties.begin(), options_.properties.end(), is_user) ||
        (options_.keep_user_id && std::any_of(message.properties.begin(), message.properties.end(), is_user));
    if (!is_usual || !has_usual_ || frames_.empty()) {
        has_usual_ = false;
        set_frames(is_usual ? usual_ : properties_of(message, tag));
        has_usual_ = is_usual;
    }
}

void AmqpEncoder::set_frames(const std::string& properties) {
    // The broker delivers an answer to a requester, and yet returns it if it is mandatory.
    const bool is_answer = place_.is_queue() && place_.key.starts_with("amq.rabbitmq.reply-to.");
    frames_ = amqp::publish(0, {.exchange = place_.exchange,
                                .key = place_.key,
                                .mandatory = !options_.allow_unroutable && !is_answer});
    header_ = frames_.size();
    std::string header(12, '\0');
    amqp::store(header.data(), std::uint16_t{60});
    frames_ += amqp::frame_text(amqp::FrameType::header, 0, header + properties);
}

void AmqpEncoder::append(net::OutBlocks& out, std::uint16_t channel, std::uint64_t body_size,
                         std::string_view payload, std::size_t frame_max) {
    amqp::store(frames_.data() + 1, channel);
    amqp::store(frames_.data() + header_ + 1, channel);
    amqp::store(frames_.data() + header_ + size_in_header, body_size);
    const std::size_t whole = frames_.size() + payload.size() + (payload.empty() ? 0 : amqp::frame_extra);
    char* const room = payload.size() <= frame_max - amqp::frame_extra ? out.reserve(whole) : nullptr;
    if (room == nullptr) {
        out.append(frames_);
        append_body(out, channel, payload, frame_max);
        return;
    }
    std::memcpy(room, frames_.data(), frames_.size());
    if (!payload.empty()) {
        char* const body = room + frames_.size();
        amqp::store_frame_head(body, amqp::FrameType::body, channel, payload.size());
        std::memcpy(body + amqp::frame_head, payload.data(), payload.size());
        body[amqp::frame_head + payload.size()] = amqp::frame_end;
    }
    out.commit(whole);
}

void AmqpEncoder::append_body(net::OutBlocks& out, std::uint16_t channel, std::string_view payload,
                              std::size_t frame_max) {
    while (!payload.empty()) {
        const std::string_view piece = payload.substr(0, frame_max - amqp::frame_extra);
        char head[amqp::frame_head];
        amqp::store_frame_head(head, amqp::FrameType::body, channel, piece.size());
        out.append({head, sizeof head});
        out.append(piece);
        out.append({&amqp::frame_end, 1});
        payload.remove_prefix(piece.size());
    }
}

}  // namespace hail::pubsub
