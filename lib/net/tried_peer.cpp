#include "lib/net/tried_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/text.h"
#include "lib/net/host.h"

namespace hail::net {

namespace {

std::string_view port_of(std::string_view peer) {
    return peer.substr(std::min(peer.rfind(':'), peer.size() - 1) + 1);
}

std::string_view host_of(std::string_view peer) {
    return peer.substr(0, peer.rfind(':'));
}

}  // namespace

std::string address_text(const curl_sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address.addr, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return text.data() + (":" + std::to_string(ntohs(v4.sin_port)));
    }
    if (address.family != AF_INET6) {
        return {};
    }
    sockaddr_in6 v6{};  // libcurl has room for it after the structure's own
    std::memcpy(&v6, static_cast<const void*>(&address.addr), sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

std::string proxy_for(const ConnectOptions& options, bool tls) {
    std::string_view rest = options.http_proxy.empty() ? options.usual_proxies.http : options.http_proxy;
    if (options.proxy || tls) {
        rest = options.proxy ? *options.proxy : options.usual_proxies.https;
    }
    const auto scheme = rest.find("://");
    const bool https = base::equal_ignoring_case(rest.substr(0, scheme), "https");
    rest.remove_prefix(scheme == rest.npos ? 0 : scheme + 3);
    rest = rest.substr(0, rest.find('/'));
    const auto user = rest.rfind('@');
    rest.remove_prefix(user == rest.npos ? 0 : user + 1);
    if (rest.empty()) {
        return {};
    }
    const auto colon = rest.rfind(':');
    const bool has_port = colon != rest.npos && rest.find(']', colon) == rest.npos;
    return std::string(rest) + (has_port ? "" : https && scheme != rest.npos ? ":443" : ":1080");
}

TriedPeer tried_peer(std::string_view tried, const std::string& proxy, const std::string& host,
                     std::uint16_t port) {
    const std::string own = bracketed(host) + ":" + std::to_string(port);
    if (!proxy.empty() && port_of(tried) == port_of(proxy)) {
        const bool could_be_host = port_of(tried) == std::to_string(port) && host_of(tried) == host_of(own);
        if (!could_be_host || host_of(tried) == host_of(proxy)) {
            return {proxy, true};
        }
    }
    return {port_of(tried) == std::to_string(port) ? own : std::string(tried), false};
}

}  // namespace hail::net
