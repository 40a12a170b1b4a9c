#include "lib/http/request_cookies.h"

#include <string>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/date.h"

namespace hail::http {

namespace {

// A typed Host header owns the cookies of the call.
std::string owner_of(const Request& request) {
    const Header* const host = find(request.headers, "Host");
    return cookie_url(request.url, host != nullptr ? host->value : std::string());
}

}  // namespace

void add_cookies(Request& request, const CookieJar& jar) {
    const std::string ours = jar.header(owner_of(request), current_time());
    if (ours.empty()) {
        return;
    }
    const Header* const own = find(request.headers, "Cookie");
    std::string cookies = merge_cookies(own != nullptr ? own->value : std::string(), ours);
    set_header(request, "Cookie", std::move(cookies));
}

void keep_cookies(CookieJar& jar, const ReplyHead& head, const Request& request) {
    const std::string owner = owner_of(request);
    for (const auto& [name, value] : head.fields()) {
        if (base::equal_ignoring_case(name, "Set-Cookie")) {
            jar.receive(value, owner, current_time());
        }
    }
}

}  // namespace hail::http
