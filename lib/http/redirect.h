// Builds the request that a redirect asks for, as a pure function of the request that was answered.
//
// Shape:   303 becomes GET (HEAD stays), 301 and 302 turn POST into GET, 307 and 308 keep method and body; a
//          request that becomes GET loses its body and the headers about it. If scheme, host or port change,
//          it also loses credentials, cookies and every header but the harmless ones (such as Accept,
//          Content-Type, conditions and User-Agent).
// Throws:  Error(bad_reply) for a Location that leads nowhere, Error(redirected) for one that is not followed
//          because a secret would be sent in clear or the body is gone.
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
    std::vector<std::string> dropped;  // headers lost because the origin changed: names, no values
    bool body_leaves = false;          // the body goes to another origin
};

// 301, 302, 303, 307 and 308; such a reply without a Location is an answer like any other.
bool is_redirect(int status);

Redirect redirect(const Request& request, Replay replay, int status, std::string_view location);

}  // namespace hail::http
