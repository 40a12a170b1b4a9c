// The cookies of a jar on the way out and on the way in.
//
// Throws:  nothing.
// Source:  RFC 6265 5.3, 5.4.

#pragma once

#include "lib/http/cookies.h"
#include "lib/http/message.h"

namespace hail::http {

// With the cookies that the jar has for it, as each exchange of a call sends it.
void add_cookies(Request& request, const CookieJar& jar);

// Stores every Set-Cookie of the reply to a request.
void keep_cookies(CookieJar& jar, const ReplyHead& head, const Request& request);

}  // namespace hail::http
