#include "lib/http/url.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

bool is_unreserved(char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// An IPv6 address goes into brackets, and the '%' before its zone is encoded: RFC 6874.
void append_host(std::string& out, std::string_view host) {
    if (host.find(':') == host.npos) {
        out += host;
        return;
    }
    const std::size_t zone = std::min(host.find('%'), host.size());
    out += '[';
    out += host.substr(0, zone);
    out += zone < host.size() ? "%25" : "";
    out += host.substr(std::min(zone + 1, host.size()));
    out += ']';
}

void append_form(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (is_unreserved(c) || c == '*') {
            out += c;
        } else {
            base::append_percent_encoded(out, c);
        }
    }
}

}  // namespace

std::string encode_illegal(std::string_view text) {
    constexpr std::string_view reserved = ":/?[]@!$&'()*+,;=";
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool escape = c == '%' && i + 2 < text.size() && base::is_hex_digit(text[i + 1]) &&
                            base::is_hex_digit(text[i + 2]);
        if (escape || is_unreserved(c) || reserved.find(c) != reserved.npos) {
            out += c;
        } else {
            base::append_percent_encoded(out, c);
        }
    }
    return out;
}

std::string form_encode(const std::vector<Pair>& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        out += out.empty() ? "" : "&";
        append_form(out, name);
        out += '=';
        append_form(out, value);
    }
    return out;
}

std::string make_url(const net::Address& address, const std::vector<Pair>& query) {
    std::string url(net::name(address.scheme));
    url += "://";
    append_host(url, address.host);
    if (address.port != net::default_port(address.scheme)) {
        url += ":" + std::to_string(address.port);
    }
    url += encode_illegal(address.path.empty() ? "/" : address.path);
    std::string all = encode_illegal(address.query);
    const std::string pairs = form_encode(query);
    all += !all.empty() && all.back() != '&' && !pairs.empty() ? "&" : "";
    all += pairs;
    return all.empty() ? url : url + "?" + all;
}

namespace {

std::string_view after_scheme(std::string_view url) {
    const std::size_t start = url.find("://");
    return start == url.npos ? url : url.substr(start + 3);
}

}  // namespace

std::string host_header(std::string_view url) {
    const std::string_view rest = after_scheme(url);
    const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
    const std::size_t zone = host.find('%');
    if (!host.starts_with('[') || zone == host.npos) {
        return std::string(host);
    }
    return std::string(host.substr(0, zone)) +
           std::string(host.substr(std::min(host.find(']'), host.size())));
}

std::string_view request_target(std::string_view url) {
    const std::string_view rest = after_scheme(url);
    const std::size_t at = rest.find_first_of("/?");
    return at == rest.npos ? std::string_view("/") : rest.substr(at);
}

}  // namespace hail::http
