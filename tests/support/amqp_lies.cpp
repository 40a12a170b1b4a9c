#include "tests/support/amqp_lies.h"

#include "tests/support/amqp_frames.h"

namespace hail::support::amqp {

std::string with_bad_end(std::string frame) {
    frame.back() = '!';
    return frame;
}

std::string oversized(std::uint8_t type, std::uint16_t channel) {
    return u8(type) + u16(channel) + u32(0x7FFFFFFF);
}

std::string nested(std::size_t depth) {
    std::string table;
    for (std::size_t i = 0; i < depth; ++i) {
        table = short_text("n") + "F" + long_text(table);
    }
    return table;
}

std::string address_of(const Peer& server) {
    return "amqp://" + server.address("");
}

}  // namespace hail::support::amqp
