// Scripts that make a Peer a proxy to a port on loopback: one that the client asks for a connection, and
// whose target is recorded, or one that it does not know of and that damages the connection.
//
// Source:  RFC 9110 9.3.6 (CONNECT), RFC 1928 (SOCKS 5).

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/peer.h"

namespace hail::support {

Script http_proxy(std::uint16_t port);   // records the head of the CONNECT
Script socks_proxy(std::uint16_t port);  // records "name:port" as head if the client gave a name

// Happens to a connection after this many bytes have gone this way since the damage before it. A cut usually
// comes in the middle of a command or reply.
struct Damage {
    enum class Kind {
        cut,    // both ends are closed
        reset,  // the client gets RST
        stall,  // nothing passes for 100 ms, then both ends are closed
        delay,  // nothing passes for 20 ms
    };
    Kind kind = Kind::cut;
    Connection::Passage after{};
};

// Closes the connection if nothing listens on the port.
Script damaged_tunnel(std::uint16_t port, std::vector<Damage> damages = {});

}  // namespace hail::support
