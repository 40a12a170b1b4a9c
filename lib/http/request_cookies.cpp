#include "lib/http/request_cookies.h"

#include <string>
#include <utility>

#include "lib/base/text.h"
#include "lib/http/date.h"

namespace hail::http {

void add_cookies(Request& request, const CookieJar& jar) {
    const std::string ours = jar.header(request.url, current_time());
    if (ours.empty()) {
        return;
    }
    const Header* const own = find(request.headers, "Cookie");
    std::string cookies = merge_cookies(own != nullptr ? own->value : std::string(), ours);
    set_header(request, "Cookie", std::move(cookies));
}

void keep_cookies(CookieJar& jar, const ReplyHead& head, std::string_view url) {
    for (const auto& [name, value] : head.fields()) {
        if (base::equal_ignoring_case(name, "Set-Cookie")) {
            jar.receive(value, url, current_time());
        }
    }
}

}  // namespace hail::http
