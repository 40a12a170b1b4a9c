// The strong validator of a reply, which changes whenever any byte of the body changes.
//
// Shape:   an ETag that is not weak, else a Last-Modified at least a second before the reply's Date: a file
//          may change twice within one second. As the server wrote it, for If-Range; empty if there is none.
// Throws:  nothing.
// Source:  RFC 9110 8.8.1 (strong and weak), 8.8.2.2 (when a date is strong), 13.1.5 (If-Range).

#pragma once

#include <string>

#include "lib/http/date.h"
#include "lib/http/message.h"

namespace hail::http {

std::string strong_validator(const ReplyHead& head, Time now);

}  // namespace hail::http
