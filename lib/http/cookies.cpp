#include "lib/http/cookies.h"

#include <arpa/inet.h>

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/cookie_file.h"
#include "lib/http/public_suffix.h"
#include "lib/http/url.h"
#include "lib/net/address.h"
#include "lib/net/host.h"

namespace hail::http {

namespace {

constexpr std::size_t longest_pair = 4096;      // name and value, RFC 6265bis
constexpr std::size_t most_of_a_domain = 300;   // so that no server can make the file grow without limit
constexpr std::size_t most_received = 3000;     // between two reads of the file
constexpr std::chrono::days longest_life{400};  // RFC 6265bis 5.5

struct Place {
    std::string host;
    std::string path;
    bool secure = false;
};

Place place_of(std::string_view url) {
    const std::string_view target = request_target(url);
    const net::Address address =
        net::parse_address(url.substr(0, url.size() - (url.ends_with(target) ? target.size() : 0)), {});
    const std::string_view path = target.substr(0, target.find('?'));
    return {base::lower(address.host), path.empty() ? "/" : std::string(path),
            address.scheme == net::Scheme::https || net::is_loopback(address.host)};
}

bool is_literal(const std::string& host) {
    in_addr v4{};
    return host.find(':') != host.npos || inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

bool domain_matches(const std::string& host, const std::string& domain) {
    if (host == domain) {
        return true;
    }
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.' && !is_literal(host);
}

bool path_matches(std::string_view path, std::string_view wanted) {
    return path.starts_with(wanted) &&
           (path.size() == wanted.size() || wanted.ends_with('/') || path[wanted.size()] == '/');
}

// Source: RFC 6265 5.1.4.
std::string default_path(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == path.npos || slash == 0 ? "/" : path.substr(0, slash);
}

// The attributes of a Set-Cookie line, before they are checked against the URL.
struct Attributes {
    std::string domain;
    std::string path;
    bool secure = false;
    bool http_only = false;
    std::optional<Time> expires;
    std::optional<Time> max_age;  // takes precedence over expires
};

Time after(std::string_view seconds, Time now) {
    const bool past = seconds.starts_with('-');
    const auto number = base::parse_number(seconds.substr(past ? 1 : 0));
    const auto most = static_cast<std::uint64_t>(std::chrono::seconds(longest_life).count());
    const std::uint64_t life = past ? 0 : std::min(number.value_or(most), most);
    return life == 0 ? Time{} : now + std::chrono::seconds(life);
}

bool is_max_age(std::string_view value) {
    const std::string_view digits = value.substr(value.starts_with('-') ? 1 : 0);
    return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
}

void take_attribute(std::string_view part, Attributes& attributes, Time now) {
    const auto equals = part.find('=');
    const std::string name = base::lower(base::trim(part.substr(0, equals)));
    const std::string_view value =
        equals == part.npos ? std::string_view{} : base::trim(part.substr(equals + 1));
    if (name == "expires") {
        if (const auto date = parse_cookie_date(value)) {
            attributes.expires = std::min(*date, now + longest_life);
        }
    } else if (name == "max-age" && is_max_age(value)) {
        attributes.max_age = after(value, now);
    } else if (name == "domain") {
        attributes.domain = base::lower(value.substr(value.starts_with('.') ? 1 : 0));
    } else if (name == "path") {
        attributes.path = value.starts_with('/') ? value : "";
    }
    attributes.secure = attributes.secure || name == "secure";
    attributes.http_only = attributes.http_only || name == "httponly";
}

// The prefixes promise how a cookie was set; a cookie that breaks the promise is ignored.
bool keeps_promise(const Cookie& cookie, const Attributes& attributes) {
    const std::string name = base::lower(cookie.name);
    if (name.starts_with("__secure-")) {
        return cookie.secure;
    }
    return !name.starts_with("__host-") || (cookie.secure && cookie.host_only && attributes.path == "/");
}

// The later of two such cookies replaces the earlier one.
bool is_same(const Cookie& a, const Cookie& b) {
    return a.name == b.name && a.domain == b.domain && a.path == b.path;
}

}  // namespace

std::optional<Cookie> parse_set_cookie(std::string_view line, std::string_view url, Time now) {
    const std::string_view pair = line.substr(0, line.find(';'));
    const auto equals = pair.find('=');
    Cookie cookie;
    cookie.name = equals == pair.npos ? "" : std::string(base::trim(pair.substr(0, equals)));
    cookie.value = equals == pair.npos ? "" : std::string(base::trim(pair.substr(equals + 1)));
    if (cookie.name.empty() || cookie.name.size() + cookie.value.size() > longest_pair || has_control(line)) {
        return std::nullopt;
    }
    Attributes attributes;
    for (auto at = pair.size(); at < line.size();) {
        const auto end = std::min(line.find(';', at + 1), line.size());
        take_attribute(line.substr(at + 1, end - at - 1), attributes, now);
        at = end;
    }
    const Place place = place_of(url);
    const bool own_domain = attributes.domain.empty() || attributes.domain == place.host;
    if (!own_domain && (attributes.domain.find('.') == std::string::npos ||
                        !domain_matches(place.host, attributes.domain))) {
        return std::nullopt;
    }
    const bool is_public = !attributes.domain.empty() && is_public_suffix(attributes.domain);
    if (is_public && !own_domain) {
        return std::nullopt;
    }
    cookie.host_only = attributes.domain.empty() || is_public || is_literal(place.host);
    cookie.domain = attributes.domain.empty() ? place.host : attributes.domain;
    cookie.path = attributes.path.empty() ? default_path(place.path) : attributes.path;
    cookie.secure = attributes.secure;
    cookie.http_only = attributes.http_only;
    cookie.expires = attributes.max_age ? attributes.max_age : attributes.expires;
    const bool allowed = (!cookie.secure || place.secure) && keeps_promise(cookie, attributes);
    return allowed ? std::optional(std::move(cookie)) : std::nullopt;
}

void CookieJar::receive(std::string_view line, std::string_view url, Time now) {
    auto cookie = parse_set_cookie(line, url, now);
    if (!cookie) {
        return;
    }
    // An attacker on plain http must not replace a cookie that https has set.
    const bool shadows =
        !place_of(url).secure && std::any_of(cookies_.begin(), cookies_.end(), [&](const Cookie& c) {
            return c.secure && c.name == cookie->name && path_matches(cookie->path, c.path) &&
                   (domain_matches(c.domain, cookie->domain) || domain_matches(cookie->domain, c.domain));
        });
    if (shadows) {
        return;
    }
    receive(std::move(*cookie), now);
}

void CookieJar::receive(Cookie cookie, Time now) {
    std::erase_if(received_, [&](const Cookie& c) { return is_same(c, cookie); });
    if (received_.size() == most_received) {
        received_.erase(received_.begin());
    }
    received_.push_back(cookie);
    keep(std::move(cookie), now);
}

void CookieJar::keep(Cookie cookie, Time now) {
    const auto old =
        std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& c) { return is_same(c, cookie); });
    const bool expired = cookie.expires && *cookie.expires <= now;
    if (!cookie.host_only && is_public_suffix(cookie.domain)) {
        return;  // from a file that somebody else wrote
    }
    if (old != cookies_.end()) {
        changed_ = changed_ || *old != cookie;
        if (expired) {
            cookies_.erase(old);
        } else {
            *old = std::move(cookie);  // keeps its place, as RFC 6265 5.3 requires
        }
        return;
    }
    if (expired) {
        return;
    }
    const auto same = [&](const Cookie& c) { return c.domain == cookie.domain; };
    if (std::count_if(cookies_.begin(), cookies_.end(), same) >=
        static_cast<std::ptrdiff_t>(most_of_a_domain)) {
        cookies_.erase(std::find_if(cookies_.begin(), cookies_.end(), same));
    }
    cookies_.push_back(std::move(cookie));
    changed_ = true;
}

namespace {

bool is_for(const Cookie& cookie, const Place& place, Time now) {
    const bool domain =
        cookie.host_only ? place.host == cookie.domain : domain_matches(place.host, cookie.domain);
    return domain && path_matches(place.path, cookie.path) && (!cookie.secure || place.secure) &&
           (!cookie.expires || *cookie.expires > now);
}

}  // namespace

std::string CookieJar::header(std::string_view url, Time now) const {
    if (cookies_.empty()) {
        return {};
    }
    const Place place = place_of(url);
    std::vector<const Cookie*> fitting;
    for (const Cookie& cookie : cookies_) {
        if (is_for(cookie, place, now)) {
            fitting.push_back(&cookie);
        }
    }
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const Cookie* a, const Cookie* b) { return a->path.size() > b->path.size(); });
    std::vector<std::string> pairs;
    pairs.reserve(fitting.size());
    for (const Cookie* cookie : fitting) {
        pairs.push_back(cookie->name + "=" + cookie->value);
    }
    return base::join(pairs, "; ");
}

void CookieJar::type(std::string_view header, std::string_view url, Time now) {
    const Place place = place_of(url);
    while (!header.empty()) {
        const std::string_view pair = base::take_until(header, ';');
        const auto equals = std::min(pair.find('='), pair.size());
        Cookie typed;
        typed.name = base::trim(pair.substr(0, equals));
        typed.value = base::trim(pair.substr(std::min(equals + 1, pair.size())));
        typed.domain = place.host;
        typed.secure = url.starts_with("https:");
        if (typed.name.empty() || typed.name.size() + typed.value.size() > longest_pair ||
            has_control(pair)) {
            continue;
        }
        std::vector<Cookie> changed;
        for (const Cookie& cookie : cookies_) {
            if (cookie.name == typed.name && is_for(cookie, place, now)) {
                changed.push_back(cookie);
                changed.back().value = typed.value;
            }
        }
        if (changed.empty()) {
            changed.push_back(typed);
        }
        for (const Cookie& cookie : changed) {
            receive(cookie, now);
        }
    }
}

void CookieJar::read(std::string_view file) {
    for (Cookie& cookie : read_cookie_file(file)) {
        keep(std::move(cookie), Time{});
    }
    changed_ = false;
}

void CookieJar::renew(std::string_view file, Time now) {
    CookieJar latest;
    latest.read(file);
    for (const Cookie& cookie : received_) {
        latest.keep(cookie, now);
    }
    *this = std::move(latest);
    changed_ = false;
}

std::string CookieJar::write(Time now) const {
    return write_cookie_file(cookies_, now);
}

std::string cookie_url(std::string_view url, std::string_view host) {
    const std::size_t authority = url.find("://") + 3;
    std::string result =
        std::string(url.substr(0, authority)) + std::string(host) + std::string(request_target(url));
    try {
        return host.empty() || place_of(result).host.empty() ? std::string(url) : result;
    } catch (const base::Error&) {
        return std::string(url);  // a Host that is not valid owns no cookies
    }
}

std::string merge_cookies(std::string_view own, std::string_view jar) {
    std::vector<std::string_view> names;
    for (std::string_view rest = own; !rest.empty();) {
        const std::string_view pair = base::take_until(rest, ';');
        names.push_back(base::trim(pair.substr(0, pair.find('='))));
    }
    std::string out(own);
    while (!jar.empty()) {
        const std::string_view pair = base::trim(base::take_until(jar, ';'));
        const std::string_view name = pair.substr(0, pair.find('='));
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            out += out.empty() ? "" : "; ";
            out += pair;
        }
    }
    return out;
}

}  // namespace hail::http
