#include "lib/net/host.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "lib/base/characters.h"
#include "lib/base/text.h"

namespace hail::net {

namespace {

// `ip` is in host byte order: the first octet is the highest byte.
bool is_near_v4(std::uint32_t ip) {
    const std::uint32_t first = ip >> 24U;
    return first == 0 || first == 10 || first == 127 || ip >> 20U == 0xAC1U || ip >> 16U == 0xC0A8U ||
           ip >> 16U == 0xA9FEU;
}

bool is_near_v6(const in6_addr& ip) {
    if (IN6_IS_ADDR_V4MAPPED(&ip)) {
        std::uint32_t v4 = 0;
        std::memcpy(&v4, &ip.s6_addr[12], sizeof v4);
        return is_near_v4(ntohl(v4));
    }
    const bool unique_local = (ip.s6_addr[0] & 0xFEU) == 0xFCU;
    const bool link_local = ip.s6_addr[0] == 0xFEU && (ip.s6_addr[1] & 0xC0U) == 0x80U;
    return unique_local || link_local || IN6_IS_ADDR_LOOPBACK(&ip) || IN6_IS_ADDR_UNSPECIFIED(&ip);
}

bool is_zone_character(char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> parse_ipv6(std::string_view text) {
    const auto percent = text.find('%');
    const std::string ip(text.substr(0, percent));
    in6_addr parsed{};
    if (ip.find('\0') != std::string::npos || ::inet_pton(AF_INET6, ip.c_str(), &parsed) != 1) {
        return std::nullopt;
    }
    if (percent == text.npos) {
        return ip;
    }
    std::string_view zone = text.substr(percent + 1);
    if (zone.starts_with("25") && zone.size() > 2) {
        zone.remove_prefix(2);
    }
    if (zone.empty() || !std::all_of(zone.begin(), zone.end(), is_zone_character)) {
        return std::nullopt;
    }
    return ip + "%" + std::string(zone);
}

bool is_near(std::string_view host) {
    in6_addr v6{};
    if (::inet_pton(AF_INET6, std::string(host.substr(0, host.find('%'))).c_str(), &v6) == 1) {
        return is_near_v6(v6);
    }
    in_addr v4{};
    // inet_aton also takes the short and the hexadecimal forms, which libcurl reads as the same addresses.
    if (::inet_aton(std::string(host).c_str(), &v4) != 0) {
        return is_near_v4(ntohl(v4.s_addr));
    }
    std::string name = base::lower(host);
    if (name.ends_with('.')) {
        name.pop_back();
    }
    return name.find('.') == std::string::npos || name.ends_with(".localhost");
}

bool is_loopback(std::string_view host) {
    in6_addr v6{};
    in_addr v4{};
    if (::inet_pton(AF_INET6, std::string(host).c_str(), &v6) == 1) {
        return IN6_IS_ADDR_LOOPBACK(&v6);
    }
    if (::inet_pton(AF_INET, std::string(host).c_str(), &v4) == 1) {
        return ntohl(v4.s_addr) >> 24U == 127;
    }
    const std::string name = base::lower(host);
    return name == "localhost" || name.ends_with(".localhost");
}

std::string bracketed(const std::string& host) {
    if (host.find(':') == std::string::npos) {
        return host;
    }
    const auto percent = host.find('%');
    return percent == std::string::npos
               ? "[" + host + "]"
               : "[" + host.substr(0, percent) + "%25" + host.substr(percent + 1) + "]";
}

}  // namespace hail::net
