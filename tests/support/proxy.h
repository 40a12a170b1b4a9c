// Scripts that make a Peer a proxy: it records the requested target and connects to a port on loopback
// instead.
//
// Source:  RFC 9110 9.3.6 (CONNECT), RFC 1928 (SOCKS 5).

#pragma once

#include <cstdint>

#include "tests/support/peer.h"

namespace hail::support {

Script http_proxy(std::uint16_t port);   // records the head of the CONNECT
Script socks_proxy(std::uint16_t port);  // records "name:port" as head if the client gave a name

}  // namespace hail::support
