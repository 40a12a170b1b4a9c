#include "lib/http/resolve.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/url.h"
#include "lib/net/address.h"
#include "lib/net/host.h"

namespace hail::http {

namespace {

[[noreturn]] void reject_reference(std::string_view reference, const std::string& why) {
    throw base::Error(base::Exit::bad_reply,
                      "the reply points to '" + base::one_line(reference) + "': " + why);
}

// "" if the reference has none: a colon after the first '/' or '?' does not end a scheme.
std::string_view scheme_of(std::string_view reference) {
    const auto end = static_cast<std::size_t>(std::find_if_not(reference.begin(), reference.end(),
                                                               [](char c) {
                                                                   return base::is_alphanumeric(c) ||
                                                                          c == '+' || c == '-' || c == '.';
                                                               }) -
                                              reference.begin());
    return end > 0 && end < reference.size() && reference[end] == ':' ? reference.substr(0, end)
                                                                      : std::string_view{};
}

// The position of the path in an absolute URL.
std::size_t authority_end(std::string_view url) {
    const std::size_t start = url.find("://");
    return std::min(url.find_first_of("/?", start == url.npos ? 0 : start + 3), url.size());
}

// Source: RFC 3986 5.2.4, for a path that begins with '/'.
std::string without_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        const std::string_view segment = path.substr(0, end);
        path.remove_prefix(end);
        const bool up = segment == "/..";
        if (up) {
            out.erase(std::min(out.rfind('/'), out.size()));
        }
        if (!up && segment != "/.") {
            out += segment;
        } else if (path.empty()) {
            out += '/';
        }
    }
    return out;
}

std::string target(std::string_view path, std::string_view query_with_mark) {
    const std::string whole = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
    return without_dot_segments(whole) + std::string(query_with_mark);
}

// Makes a URL of an absolute reference, whose authority is read like a typed address.
std::string absolute(std::string_view text, std::string_view reference) {
    const std::size_t end = authority_end(text);
    const std::size_t query = std::min(text.find('?', end), text.size());
    net::Address address;
    try {
        address = net::parse_address(text.substr(0, end), {});
    } catch (const base::Error&) {
        reject_reference(reference, "its host or port is not valid");
    }
    std::string url(net::name(address.scheme));
    url += "://" + net::bracketed(address.host);
    if (address.port != net::default_port(address.scheme)) {
        url += ":" + std::to_string(address.port);
    }
    const std::string rest = encode_illegal(text.substr(end, query - end));
    return url + target(rest, encode_illegal(text.substr(query)));
}

std::string relative(std::string_view base, std::string_view reference) {
    const std::size_t path_start = authority_end(base);
    const std::size_t query_start = std::min(base.find('?', path_start), base.size());
    const std::string_view path = base.substr(path_start, query_start - path_start);
    const std::string root(base.substr(0, path_start));
    const std::string text = encode_illegal(reference);
    const std::string_view whole(text);
    const std::size_t mark = std::min(whole.find('?'), whole.size());
    const std::string_view own_path = whole.substr(0, mark);
    if (own_path.starts_with('/')) {
        return root + target(own_path, whole.substr(mark));
    }
    if (own_path.empty()) {
        const std::string_view query = whole.empty() ? base.substr(query_start) : whole;
        return root + target(path, query);
    }
    const std::size_t last_slash = path.rfind('/');
    const std::string_view folder = path.substr(0, last_slash == path.npos ? 0 : last_slash + 1);
    return root + target(std::string(folder) + std::string(own_path), whole.substr(mark));
}

net::Address address_of(std::string_view url) {
    return net::parse_address(url.substr(0, authority_end(url)), {});
}

}  // namespace

std::string resolve(std::string_view base, std::string_view reference) {
    reference = base::trim(reference);
    if (std::any_of(reference.begin(), reference.end(), base::is_control)) {
        reject_reference(reference, "it contains a control character");
    }
    const std::string_view text = reference.substr(0, reference.find('#'));
    if (text.starts_with("//")) {
        return absolute(std::string(base.substr(0, base.find(':') + 1)) + std::string(text), reference);
    }
    const std::string_view scheme = scheme_of(text);
    if (scheme.empty()) {
        return relative(base, text);
    }
    if (!base::equal_ignoring_case(scheme, "http") && !base::equal_ignoring_case(scheme, "https")) {
        reject_reference(reference, "only http and https are followed");
    }
    if (!text.substr(scheme.size()).starts_with("://")) {
        reject_reference(reference, "no host");
    }
    return absolute(text, reference);
}

bool same_origin(std::string_view url, std::string_view other) {
    const net::Address a = address_of(url);
    const net::Address b = address_of(other);
    return a.scheme == b.scheme && a.port == b.port && base::equal_ignoring_case(a.host, b.host);
}

std::string_view origin(std::string_view url) {
    return url.substr(0, authority_end(url));
}

}  // namespace hail::http
