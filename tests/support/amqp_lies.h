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
// Sends heartbeats without a pause until the client says something or goes, at most 10 s, and then confirms
// the close. The step throws if the client did neither.
Step flood();
std::string address_of(const Peer& server);

}  // namespace hail::support::amqp
