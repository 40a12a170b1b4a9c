// Advice for a person whose login was refused: 401 by the server, 407 by a proxy.
//
// Shape:   a sentence that shows no secret; empty for every other status.
// Throws:  nothing.
// Source:  RFC 9110 11.6.1 (WWW-Authenticate), 11.7.1 (Proxy-Authenticate).

#pragma once

#include <string>
#include <string_view>

#include "lib/http/call.h"

namespace hail::http {

// Says which credentials were refused, or which ones are wanted; `ways` are the options that give some.
std::string login_hint(const CallResult& call, std::string_view ways = "--user or --bearer");

}  // namespace hail::http
