// What a RabbitMQ server that lies says.
//
// Shape:   functions return bytes, as in amqp_frames.h.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/support/peer.h"

namespace hail::support::amqp {

struct Lie {
    std::string what;
    std::string bytes;
    std::string told;  // part of the message that hail prints
};

std::string with_bad_end(std::string frame);
std::string oversized(std::uint8_t type, std::uint16_t channel);  // the head of a frame of 2 GiB
std::string nested(std::size_t depth);                            // a table within a table, and so on
std::string address_of(const Peer& server);

}  // namespace hail::support::amqp
