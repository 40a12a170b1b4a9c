#include "tests/support/amqp_lies.h"

#include <poll.h>

#include <stdexcept>
#include <system_error>

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

Step flood() {
    return [](Connection& connection) {
        std::string heartbeats;
        for (int i = 0; i < 10'000; ++i) {
            heartbeats += frame(8, 0, "");
        }
        const auto enough = base::Deadline::after(base::Milliseconds(10'000));
        while (!enough.passed()) {
            pollfd client{connection.socket(), POLLIN, 0};
            if (::poll(&client, 1, 0) > 0) {
                confirm_close()(connection);
                return;
            }
            try {
                connection.send(heartbeats);
            } catch (const std::system_error&) {
                return;  // the client is gone
            }
        }
        throw std::runtime_error("the client did not go");
    };
}

std::string address_of(const Peer& server) {
    return "amqp://" + server.address("");
}

}  // namespace hail::support::amqp
