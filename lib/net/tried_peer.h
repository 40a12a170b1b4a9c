// The peer that a connection was last tried to, and whether it is the proxy: known from the options and the
// address that was tried, never from libcurl's sentences.
//
// Shape:   "127.0.0.1:8080", "[::1]:8080", "host.example:80".
// Throws:  nothing.

#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/net/connect_options.h"

namespace hail::net {

// The address that libcurl hands to CURLOPT_OPENSOCKETFUNCTION; empty for a unix socket.
std::string address_text(const curl_sockaddr& address);

// The proxy that the options, or else the usual variables, name for this kind of URL, without its scheme and
// password; empty if there is none.
std::string proxy_for(const ConnectOptions& options, bool tls);

struct TriedPeer {
    std::string name;
    bool is_proxy = false;
};

// The peer at the tried address (as address_text() gives it) on the way to a host. Whether a host is one of
// no_proxy only libcurl knows: the proxy is the peer if the port that was tried is the proxy's.
TriedPeer tried_peer(std::string_view tried, const std::string& proxy, const std::string& host,
                     std::uint16_t port);

}  // namespace hail::net
