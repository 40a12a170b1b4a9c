#include "tests/support/amqp_frames.h"

namespace hail::support::amqp {

namespace {

std::string big_endian(std::uint64_t number, std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = size; i > 0; --i) {
        text[i - 1] = static_cast<char>(number & 0xFFU);
        number >>= 8U;
    }
    return text;
}

std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    for (const char c : text) {
        number = number << 8U | static_cast<unsigned char>(c);
    }
    return number;
}

// Recorded; empty at the end of the stream.
std::string read_frame(Connection& connection) {
    std::string bytes;
    std::string rest;
    if (!connection.read_count(7, bytes) ||
        !connection.read_count(number_in(std::string_view(bytes).substr(3, 4)) + 1, rest)) {
        return {};
    }
    connection.record({0, bytes + rest, {}});
    return bytes + rest;
}

}  // namespace

std::string u8(std::uint64_t number) {
    return big_endian(number, 1);
}
std::string u16(std::uint64_t number) {
    return big_endian(number, 2);
}
std::string u32(std::uint64_t number) {
    return big_endian(number, 4);
}
std::string u64(std::uint64_t number) {
    return big_endian(number, 8);
}
std::string short_text(std::string_view text) {
    return u8(text.size()) + std::string(text);
}
std::string long_text(std::string_view text) {
    return u32(text.size()) + std::string(text);
}

std::string frame(std::uint8_t type, std::uint16_t channel, const std::string& payload) {
    return u8(type) + u16(channel) + u32(payload.size()) + payload + "\xCE";
}

std::string method(std::uint16_t channel, std::uint16_t class_id, std::uint16_t method_id,
                   const std::string& arguments) {
    return frame(1, channel, u16(class_id) + u16(method_id) + arguments);
}

namespace {

std::string start_with(const std::string& properties, std::string_view mechanisms) {
    return method(0, 10, 10,
                  u8(0) + u8(9) + long_text(properties) + long_text(mechanisms) + long_text("en_US"));
}

}  // namespace

std::string start(std::string_view mechanisms) {
    return start_with(short_text("product") + "S" + long_text("scripted"), mechanisms);
}

std::string start_that_tells_refusals() {
    const std::string capabilities =
        short_text("basic.nack") + "t" + u8(1) + short_text("authentication_failure_close") + "t" + u8(1);
    return start_with(short_text("capabilities") + "F" + long_text(capabilities), "PLAIN");
}

std::string tune(std::uint16_t channel_max, std::uint32_t frame_max, std::uint16_t heartbeat) {
    return method(0, 10, 30, u16(channel_max) + u32(frame_max) + u16(heartbeat));
}

std::string open_ok() {
    return method(0, 10, 41, short_text(""));
}

std::string close(std::uint16_t code, std::string_view text) {
    return method(0, 10, 50, u16(code) + short_text(text) + u32(0));
}

std::string close_ok() {
    return method(0, 10, 51);
}

std::string channel_open_ok(std::uint16_t channel) {
    return method(channel, 20, 11, long_text(""));
}

std::string channel_close(std::uint16_t code, std::string_view text, std::uint16_t channel,
                          std::uint16_t class_id, std::uint16_t method_id) {
    return method(channel, 20, 40, u16(code) + short_text(text) + u16(class_id) + u16(method_id));
}

std::string select_ok(std::uint16_t channel) {
    return method(channel, 85, 11);
}

std::string ack(std::uint64_t tag, bool multiple, std::uint16_t channel) {
    return method(channel, 60, 80, u64(tag) + u8(multiple ? 1 : 0));
}

std::string nack(std::uint64_t tag, bool multiple, std::uint16_t channel) {
    return method(channel, 60, 120, u64(tag) + u8(multiple ? 1 : 0));
}

std::string header(std::uint64_t size, const std::string& properties, std::uint16_t channel) {
    return frame(2, channel, u16(60) + u16(0) + u64(size) + properties);
}

std::string body(const std::string& bytes, std::uint16_t channel) {
    return frame(3, channel, bytes);
}

std::string returned(std::string_view exchange, std::string_view key, const std::string& payload,
                     std::uint16_t channel) {
    return method(channel, 60, 50,
                  u16(312) + short_text("NO_ROUTE") + short_text(exchange) + short_text(key)) +
           header(payload.size(), std::string(2, '\0'), channel) +
           (payload.empty() ? "" : body(payload, channel));
}

std::string declare_ok(std::string_view queue) {
    return method(1, 50, 11, short_text(queue) + u32(0) + u32(0));
}

std::string qos_ok() {
    return method(1, 60, 11);
}

std::string bind_ok() {
    return method(1, 50, 21);
}

std::string consume_ok(std::string_view tag) {
    return method(1, 60, 21, short_text(tag));
}

std::string deliver(std::string_view consumer, std::uint64_t tag, std::string_view exchange,
                    std::string_view key, bool redelivered) {
    return method(
        1, 60, 60,
        short_text(consumer) + u64(tag) + u8(redelivered ? 1 : 0) + short_text(exchange) + short_text(key));
}

std::string delivery(std::string_view consumer, std::uint64_t tag, std::string_view key,
                     const std::string& payload) {
    return deliver(consumer, tag, "", key) + header(payload.size()) + (payload.empty() ? "" : body(payload));
}

std::string headers(const std::string& table) {
    return u16(1U << 13U) + long_text(table);
}

pubsub::Broker broker_of(const Peer& server) {
    return {net::parse_address("amqp://127.0.0.1:" + std::to_string(server.port()),
                               {.family = net::Family::broker, .default_scheme = {}}),
            {}};
}

Step read_frames(std::size_t count) {
    return [count](Connection& connection) {
        for (std::size_t i = 0; i < count && !read_frame(connection).empty(); ++i) {
        }
    };
}

Step confirm_close() {
    return [](Connection& connection) {
        const std::string wanted = method(0, 10, 50).substr(7, 4);
        for (std::string frame = read_frame(connection); !frame.empty(); frame = read_frame(connection)) {
            if (frame.substr(7, 4) == wanted) {
                connection.send(close_ok());
            }
        }
    };
}

Step log_in(const std::string& tune_frame) {
    return [tune_frame](Connection& connection) {
        std::string head;
        connection.read_count(8, head);
        connection.record({0, head, {}});
        connection.send(start());
        read_frames(1)(connection);
        connection.send(tune_frame);
        read_frames(2)(connection);
        connection.send(open_ok());
    };
}

}  // namespace hail::support::amqp
