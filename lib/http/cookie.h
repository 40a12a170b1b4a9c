// One cookie.
//
// Shape:   the domain is in lower case without a leading dot.
// Source:  RFC 6265 5.3.

#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/characters.h"
#include "lib/http/date.h"

namespace hail::http {

struct Cookie {
    std::string name;
    std::string value;
    std::string domain;
    std::string path = "/";
    bool host_only = true;        // for the domain itself, not for its subdomains
    bool secure = false;          // sent over https only, or to this machine
    bool http_only = false;       // no effect here, kept for other readers of the file
    std::optional<Time> expires;  // none: at the end of the session

    bool operator==(const Cookie&) const = default;
};

// Whether the text of a cookie has a control character other than a tab.
inline bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c != '\t' && base::is_control(c); });
}

}  // namespace hail::http
