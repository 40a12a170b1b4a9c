#include "lib/amqp/frame.h"

#include <cstring>

#include "lib/amqp/bytes.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::amqp {

namespace {

// Twice the largest frame, so that a read is never small.
constexpr std::size_t buffer_size = 2 * usual_frame_max;
constexpr std::size_t least_room = buffer_size / 4;

bool is_frame_type(char type) {
    return type == 1 || type == 2 || type == 3 || type == 8;
}

}  // namespace

FrameReader::FrameReader(std::string where)
    : where_(std::move(where)), buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {}

std::span<char> FrameReader::room() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    } else if (buffer_size - end_ < least_room) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {buffer_.get() + end_, buffer_size - end_};
}

void FrameReader::reject(const std::string& why, const std::string& hint) const {
    throw base::Error(base::Exit::bad_reply, "receiving from " + where_ + ": " + why, hint);
}

// False if more bytes are needed to tell.
bool FrameReader::check_beginning(std::string_view bytes) const {
    constexpr std::string_view other = "AMQP";
    if (other.starts_with(bytes)) {
        return false;
    }
    if (bytes.starts_with(other)) {
        if (bytes.size() < protocol_header.size()) {
            return false;
        }
        const auto part = [&](std::size_t at) { return std::to_string(load<std::uint8_t>(&bytes[at])); };
        reject(
            "the server does not speak AMQP 0-9-1, it offers AMQP " + part(5) + "-" + part(6) + "-" + part(7),
            "hail speaks AMQP 0-9-1, as RabbitMQ does");
    }
    constexpr std::string_view http = "HTTP/";
    if (http.starts_with(bytes)) {
        return false;
    }
    if (bytes.starts_with(http)) {
        reject("the answer is not AMQP but HTTP",
               "this is an HTTP server, perhaps RabbitMQ's management; AMQP is usually on port 5672");
    }
    if (bytes.front() == 0x15) {
        reject("the answer is an alert of TLS", "use amqps://");
    }
    if (bytes.front() != 1 || (bytes.size() >= 3 && load<std::uint16_t>(&bytes[1]) != 0)) {
        reject("the answer is not AMQP: it begins with '" + base::one_line(bytes.substr(0, 20)) + "'",
               "check that this is the port of a RabbitMQ server");
    }
    return true;
}

bool FrameReader::next(Frame& frame) {
    const std::string_view bytes(buffer_.get() + begin_, end_ - begin_);
    if (bytes.empty()) {
        return false;
    }
    if (!begun_ && !check_beginning(bytes)) {
        return false;
    }
    if (begun_ && !is_frame_type(bytes.front())) {
        reject("a frame of the unknown type " + std::to_string(load<std::uint8_t>(bytes.data())));
    }
    if (bytes.size() < frame_head) {
        return false;
    }
    const std::size_t size = load<std::uint32_t>(&bytes[3]);
    if (size > frame_max_ - frame_extra) {
        reject("a frame of " + std::to_string(size) + " bytes, more than was agreed");
    }
    if (bytes.size() < size + frame_extra) {
        return false;
    }
    if (bytes[frame_head + size] != frame_end) {
        reject("a frame that does not end where it should");
    }
    frame = {static_cast<FrameType>(bytes[0]), load<std::uint16_t>(&bytes[1]),
             bytes.substr(frame_head, size)};
    if (frame.type == FrameType::heartbeat && (frame.channel != 0 || size != 0)) {
        reject("a heartbeat that is not valid");
    }
    begun_ = true;
    begin_ += size + frame_extra;
    return true;
}

void store_frame_head(char* to, FrameType type, std::uint16_t channel, std::size_t size) {
    to[0] = static_cast<char>(type);
    store(to + 1, channel);
    store(to + 3, static_cast<std::uint32_t>(size));
}

std::string frame_text(FrameType type, std::uint16_t channel, std::string_view payload) {
    std::string text(frame_head, '\0');
    store_frame_head(text.data(), type, channel, payload.size());
    text += payload;
    text += frame_end;
    return text;
}

}  // namespace hail::amqp
