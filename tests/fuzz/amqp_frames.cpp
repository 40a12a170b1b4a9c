#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/amqp/codec.h"
#include "lib/amqp/content.h"
#include "lib/amqp/frame.h"
#include "lib/base/error.h"
#include "tests/fuzz/require.h"

// However the bytes are cut, the same frames are found, and what is wrong is an error of the broker. The
// readers of the methods take any payload.

using namespace hail;

namespace {

template <typename Read>
std::string outcome(const Read& read) {
    try {
        return read();
    } catch (const base::Error& error) {
        require(error.exit() == base::Exit::bad_reply);
        return "!";
    }
}

std::string read_method(std::string_view payload) {
    std::string text = outcome([&] { return amqp::method_name(amqp::method_of(payload)); });
    text += outcome([&] { return std::string(amqp::read_start(payload).mechanisms); });
    text += outcome([&] { return std::to_string(amqp::read_tune(payload).frame_max); });
    text += outcome([&] { return std::string(amqp::read_close(payload).text); });
    text += outcome([&] { return std::string(amqp::read_blocked(payload)); });
    text += outcome([&] { return std::string(amqp::read_queue_declared(payload).queue); });
    text += outcome([&] { return std::string(amqp::read_consumer_tag(payload)); });
    text += outcome([&] { return std::string(amqp::read_deliver(payload).routing_key); });
    text += outcome([&] { return std::string(amqp::read_return(payload).routing_key); });
    return text + outcome([&] { return std::to_string(amqp::read_ack(payload).tag); });
}

std::string read_content(amqp::Content& content, const amqp::Frame& frame) {
    return outcome([&] {
        switch (frame.type) {
            case amqp::FrameType::method:
                content.begin();
                break;
            case amqp::FrameType::header:
                content.take_header(frame.payload);
                break;
            case amqp::FrameType::body:
                content.take_body(frame.payload);
                break;
            case amqp::FrameType::heartbeat:
                break;
        }
        return std::to_string(content.left());
    });
}

std::string read(std::string_view bytes, std::size_t piece) {
    amqp::FrameReader reader("h");
    amqp::Content content;
    std::string text;
    return text + outcome([&] {
               while (!bytes.empty()) {
                   const auto room = reader.room();
                   const std::string_view part = bytes.substr(0, std::min(piece, room.size()));
                   std::copy(part.begin(), part.end(), room.begin());
                   reader.filled(part.size());
                   bytes.remove_prefix(part.size());
                   for (amqp::Frame frame; reader.next(frame);) {
                       text += std::to_string(frame.channel) + std::string(frame.payload);
                       text += read_method(frame.payload) + read_content(content, frame);
                   }
               }
               return text + (reader.in_frame() ? "more" : "whole");
           });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string whole = read(bytes, bytes.size() + 1);
    require(read(bytes, 1) == whole);
    require(read(bytes, 9) == whole);
    return 0;
}
