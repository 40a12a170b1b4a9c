#include "lib/net/address_text.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/net/address.h"
#include "lib/net/host.h"

namespace hail::net {

namespace {

std::string encoded(std::string_view text, std::string_view keep) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (base::is_alphanumeric(c) || byte >= 0x80 || keep.find(c) != keep.npos) {
            out += c;
        } else {
            base::append_percent_encoded(out, c);
        }
    }
    return out;
}

}  // namespace

bool is_scheme_character(char c) {
    return base::is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
}

std::size_t authority_start(std::string_view text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_scheme_character) - text.begin();
    return text.substr(static_cast<std::size_t>(end)).starts_with("://") ? static_cast<std::size_t>(end) + 3
                                                                         : 0;
}

bool may_hide_password(std::string_view text, Family family) {
    const auto start = authority_start(text);
    const auto end = text.find_first_of("/?#", start);
    if (end == text.npos || text.find('@', end) == text.npos) {
        return false;
    }
    const std::string_view authority = text.substr(start, end - start);
    const bool broker = family == Family::broker;
    return authority.find('@') == authority.npos && authority.find(':') != authority.npos &&
           (broker || authority.front() == ':' ||
            !base::parse_number(authority.substr(authority.find(':') + 1)).has_value());
}

std::string masked_address(std::string_view text, Family family) {
    const auto start = authority_start(text);
    const auto authority_end = std::min(text.find_first_of("/?#", start), text.size());
    auto at = text.substr(0, authority_end).rfind('@');
    const auto colon = text.find(':', start);
    if (at == text.npos) {
        at = may_hide_password(text, family) ? text.rfind('@') : text.npos;
    }
    if (at == text.npos || colon >= at) {
        return base::one_line(text);
    }
    return base::one_line(std::string(text.substr(0, colon)) + ":***" + std::string(text.substr(at)));
}

std::string display(const Address& address) {
    std::string out(address.unix_socket.empty() ? name(address.scheme) : "redis+unix");
    out += "://";
    if (address.user) {
        out += encoded(*address.user, "-._~!$&'()*+,;=");
    }
    if (address.password) {
        out += ":***";
    }
    if (address.user || address.password) {
        out += '@';
    }
    if (!address.unix_socket.empty()) {
        out += encoded(address.unix_socket, "-._~!$&'()*+,;=:@/");
    } else {
        out += bracketed(address.host);
        if (address.port != default_port(address.scheme)) {
            out += ":" + std::to_string(address.port);
        }
        out += address.path;
    }
    return address.query.empty() ? out : out + "?" + address.query;
}

}  // namespace hail::net
