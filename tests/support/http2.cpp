#include "tests/support/http2.h"

#include <stdexcept>

namespace hail::support {

namespace {

enum Type : unsigned char { data = 0, headers = 1, reset_stream = 3, settings = 4, ping = 6, goaway = 7 };
constexpr unsigned char ack = 1;          // of settings and ping
constexpr unsigned char end_stream = 1;   // of data and headers
constexpr unsigned char end_headers = 4;  // of headers

std::string number(std::uint64_t value, unsigned bytes) {
    std::string out;
    for (unsigned shift = bytes * 8; shift > 0; shift -= 8) {
        out += static_cast<char>((value >> (shift - 8)) & 0xffU);
    }
    return out;
}

std::string frame(Type type, unsigned flags, std::uint32_t stream, std::string_view payload) {
    return number(payload.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) +
           number(stream, 4) + std::string(payload);
}

std::string read_exactly(Connection& connection, std::size_t count) {
    std::string bytes;
    if (!connection.read_count(count, bytes)) {
        throw std::runtime_error("the client went before its request of HTTP/2 was whole");
    }
    return bytes;
}

std::size_t length_of(std::string_view head) {
    const auto byte = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(head[at]));
    };
    return byte(0) << 16U | byte(1) << 8U | byte(2);
}

// Reads up to a frame of this type with all of these flags, and acknowledges the client's settings on the
// way.
std::string await_frame(Connection& connection, Type wanted, unsigned flags) {
    constexpr std::size_t frame_head = 9;
    while (true) {
        const std::string head = read_exactly(connection, frame_head);
        std::string payload = read_exactly(connection, length_of(head));
        const auto has = static_cast<unsigned char>(head[4]);
        if (head[3] == settings && (has & ack) == 0) {
            connection.send(frame(settings, ack, 0, ""));
        }
        if (head[3] == wanted && (has & flags) == flags) {
            return payload;
        }
    }
}

}  // namespace

Step read_http2_request() {
    return [](Connection& connection) {
        constexpr std::size_t preface = 24;
        Received request;
        request.head = read_exactly(connection, preface);
        connection.send(frame(settings, 0, 0, ""));
        request.body = await_frame(connection, headers, 0);
        connection.record(std::move(request));
    };
}

Step await_http2_client() {
    return [](Connection& connection) {
        connection.send(frame(ping, 0, 0, "12345678"));
        await_frame(connection, ping, ack);
    };
}

std::string http2_head(const Http2Head& head) {
    std::string fields = "\x88";
    const auto add = [&](std::string_view name, const std::string& value) {
        fields += std::string(name) + number(value.size(), 1) + value;
    };
    if (!head.coding.empty()) {
        add("\x0f\x0b", head.coding);
    }
    if (head.content_length) {
        add("\x0f\x0d", std::to_string(*head.content_length));
    }
    return frame(headers, end_headers, 1, fields);
}

std::string http2_data(std::string_view bytes, Http2 stream) {
    return frame(data, stream == Http2::ends ? end_stream : 0, 1, bytes);
}

std::string http2_reset(std::uint32_t error) {
    return frame(reset_stream, 0, 1, number(error, 4));
}

std::string http2_goaway(std::uint32_t error) {
    return frame(goaway, 0, 0, number(1, 4) + number(error, 4));
}

}  // namespace hail::support
