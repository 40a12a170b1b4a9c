#pragma once

#include <string>
#include <string_view>

#include "lib/http/engine.h"

// A whole exchange as one JSON object on one line, for scripts: --envelope.
//
//   {"url": …, "status": 200, "reason": "OK", "version": "1.1",
//    "headers": {"content-type": "application/json", "set-cookie": ["a=1", "b=2"]},
//    "body": …, "milliseconds": {"name": 0.1, "connected": …, "tls": …, "ready": …, "first_byte": …, "total": 12.5},
//    "remote": "127.0.0.1:8080", "bytes": {"sent": …, "head": …, "body": …}}
//
// Shape:   header names in lower case, repeated ones joined with ", " (RFC 9110 5.2), set-cookie always an array. The
//          body is "body" when it is JSON, with the text of numbers, the order and duplicate keys as they came and no
//          white space between tokens; "body_text" when it is other text, "body_base64" when it is not UTF-8, and
//          neither when it is empty.
// Throws:  nothing.
// Source:  hail-rest(1), --envelope.

namespace hail::cli::rest {

// Ends without a newline.
std::string envelope(std::string_view url, const http::Result& result, std::string_view body);

}  // namespace hail::cli::rest
