#include "lib/http/redirect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/resolve.h"

namespace hail::http {

namespace {

// Headers that tell another origin nothing about the user.
constexpr std::array<std::string_view, 18> harmless_names{"Accept",
                                                          "Accept-Charset",
                                                          "Accept-Encoding",
                                                          "Accept-Language",
                                                          "Cache-Control",
                                                          "Content-Encoding",
                                                          "Content-Language",
                                                          "Content-Type",
                                                          "Expect",
                                                          "If-Match",
                                                          "If-Modified-Since",
                                                          "If-None-Match",
                                                          "If-Range",
                                                          "If-Unmodified-Since",
                                                          "Pragma",
                                                          "Range",
                                                          "Upgrade-Insecure-Requests",
                                                          "User-Agent"};

bool is_harmless(std::string_view name) {
    return std::any_of(harmless_names.begin(), harmless_names.end(),
                       [&](std::string_view one) { return base::equal_ignoring_case(one, name); });
}

bool is_about_body(std::string_view name) {
    static constexpr std::array<std::string_view, 5> others{"Expect", "Digest", "Repr-Digest", "Trailer",
                                                            "Transfer-Encoding"};
    return base::lower(name.substr(0, 8)) == "content-" ||
           std::any_of(others.begin(), others.end(),
                       [&](std::string_view one) { return base::equal_ignoring_case(one, name); });
}

bool becomes_get(const std::string& method, int status) {
    if (status == 303) {
        return method != "HEAD" && method != "GET";
    }
    return (status == 301 || status == 302) && method == "POST";
}

void drop_body(Request& request) {
    request.method = "GET";
    request.body.reset();
    request.stream.reset();
    std::erase_if(request.headers, [](const Header& header) { return is_about_body(header.name); });
}

// Removes the headers and credentials meant only for the old origin, and returns their names.
std::vector<std::string> drop_secrets(Request& request) {
    std::vector<std::string> dropped;
    if (request.credentials.kind != Credentials::Kind::none) {
        dropped.emplace_back("Authorization");
        request.credentials = {};
    }
    for (const Header& header : request.headers) {
        const bool known = std::any_of(dropped.begin(), dropped.end(), [&](const std::string& name) {
            return base::equal_ignoring_case(name, header.name);
        });
        if (!is_harmless(header.name) && !known) {
            dropped.push_back(header.name);
        }
    }
    std::erase_if(request.headers, [](const Header& header) { return !is_harmless(header.name); });
    return dropped;
}

[[noreturn]] void reject_redirect(const Request& request, const std::string& next, const std::string& why,
                                  std::string hint) {
    throw base::Error(
        base::Exit::redirected,
        request.method + " " + request.url + ": the redirect to " + next + " is not followed: " + why,
        std::move(hint));
}

bool is_secure(std::string_view url) {
    return url.starts_with("https://");
}

}  // namespace

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Redirect redirect(const Request& request, Replay replay, int status, std::string_view location) {
    Redirect next{.request = request, .dropped = {}};
    next.request.url = resolve(request.url, location);
    if (becomes_get(request.method, status)) {
        drop_body(next.request);
    } else if (replay == Replay::impossible) {
        reject_redirect(request, next.request.url, "the body came from a stream and cannot be sent again",
                        "put the body into a file, or call the new address");
    }
    if (same_origin(request.url, next.request.url)) {
        return next;
    }
    next.dropped = drop_secrets(next.request);
    next.body_leaves = has_body(next.request) && body_length(next.request) != 0;
    const bool secrets = !next.dropped.empty() || has_body(next.request);
    if (is_secure(request.url) && !is_secure(next.request.url) && secrets) {
        reject_redirect(request, next.request.url,
                        "it leads from https to http, and the request may hold secrets",
                        "if that is intended, call the new address");
    }
    return next;
}

}  // namespace hail::http
