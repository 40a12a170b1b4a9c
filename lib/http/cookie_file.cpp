#include "lib/http/cookie_file.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

constexpr std::string_view http_only_mark = "#HttpOnly_";

std::optional<bool> parse_truth(std::string_view text) {
    const bool yes = base::equal_ignoring_case(text, "TRUE");
    return yes || base::equal_ignoring_case(text, "FALSE") ? std::optional(yes) : std::nullopt;
}

std::optional<Cookie> parse_file_line(std::string_view line) {
    if (has_control(line)) {
        return std::nullopt;
    }
    Cookie cookie;
    cookie.http_only = line.starts_with(http_only_mark);
    line.remove_prefix(cookie.http_only ? http_only_mark.size() : 0);
    std::string_view domain = base::take_until(line, '\t');
    domain.remove_prefix(std::min(domain.find_first_not_of('.'), domain.size()));
    const auto below = parse_truth(base::take_until(line, '\t'));
    cookie.path = base::take_until(line, '\t');
    const auto secure = parse_truth(base::take_until(line, '\t'));
    const auto expires = base::parse_number(base::take_until(line, '\t'));
    cookie.name = base::take_until(line, '\t');
    cookie.value = line;  // may be empty; curl then omits the last tab
    if (domain.empty() || !below || !secure || !expires || cookie.name.empty()) {
        return std::nullopt;
    }
    cookie.domain = base::lower(domain);
    cookie.path = cookie.path.starts_with('/') ? cookie.path : "/";
    cookie.host_only = !*below;
    cookie.secure = *secure;
    if (*expires > 0) {
        // At most the end of the year 9999, the last one with four digits.
        cookie.expires = Time(std::chrono::seconds(std::min<std::uint64_t>(*expires, 253402300799)));
    }
    return cookie;
}

}  // namespace

std::vector<Cookie> read_cookie_file(std::string_view file) {
    std::vector<Cookie> cookies;
    file = base::without_byte_order_mark(file);
    for (int number = 1; !file.empty(); ++number) {
        std::string_view line = base::take_until(file, '\n');
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        const bool comment = line.starts_with('#') && !line.starts_with(http_only_mark);
        if (base::trim(line).empty() || comment) {
            continue;
        }
        auto cookie = parse_file_line(line);
        if (!cookie) {
            throw base::Error(base::Exit::bad_input,
                              "reading cookies: line " + std::to_string(number) + " is not a cookie",
                              "a line has seven fields separated by tabs, as exported by curl and browsers");
        }
        cookies.push_back(std::move(*cookie));
    }
    return cookies;
}

std::string write_cookie_file(std::span<const Cookie> cookies, Time now) {
    std::string out = "# Netscape HTTP Cookie File\n\n";
    for (const Cookie& cookie : cookies) {
        const bool fits =
            cookie.name.find('\t') == std::string::npos && cookie.path.find('\t') == std::string::npos;
        if (!fits || (cookie.expires && *cookie.expires <= now)) {
            continue;
        }
        out += cookie.http_only ? http_only_mark : "";
        out += (cookie.host_only ? "" : ".") + cookie.domain + (cookie.host_only ? "\tFALSE\t" : "\tTRUE\t");
        out += cookie.path + (cookie.secure ? "\tTRUE\t" : "\tFALSE\t");
        out += std::to_string(cookie.expires ? cookie.expires->time_since_epoch().count() : 0);
        out += "\t" + cookie.name + "\t" + cookie.value + "\n";
    }
    return out;
}

}  // namespace hail::http
