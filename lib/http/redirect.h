// The request that a redirect asks for, as a pure function of the one that was answered.
//
// Shape:   303 becomes GET (HEAD stays), 301 and 302 turn POST into GET, 307 and 308 keep method and body;
//          what becomes GET loses its body and the headers about it. When scheme, host or port change,
//          credentials, cookies and every header but the harmless ones (accepts, content, conditions,
//          User-Agent) stay behind.
// Throws:  Error(bad_reply) for a Location that leads nowhere, Error(redirected) for one that is not followed
//          because a secret would go out in clear or the body is gone.
// Source:  RFC 9110 15.4.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.h"

namespace hail::http {

enum class Replay {
    possible,    // the body can be sent again, or there is none
    impossible,  // it came from a stream
};

struct Redirect {
    Request request;
    std::vector<std::string> dropped;  // what stayed behind because the origin changed: names, no values
};

// 301, 302, 303, 307 and 308; such a reply without a Location is an answer like any other.
bool is_redirect(int status);

Redirect redirect(const Request& request, Replay replay, int status, std::string_view location);

}  // namespace hail::http
