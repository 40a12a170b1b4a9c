#pragma once

#include <cstdint>

#include "tests/support/peer.h"

// Scripts that make a Peer a proxy: it records what it was asked for and then connects to a port on loopback instead.
//
// Source:  RFC 9110 9.3.6 (CONNECT), RFC 1928 (SOCKS 5).

namespace hail::support {

Script http_proxy(std::uint16_t port);   // records the head of the CONNECT
Script socks_proxy(std::uint16_t port);  // records "name:port" as head, where the client gave a name

}  // namespace hail::support
