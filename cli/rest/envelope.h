// A whole exchange as one JSON object on one line, for scripts: --envelope.
//
//   {"url": …, "status": 200, "reason": "OK", "version": "1.1",
//    "headers": {"content-type": "application/json", "set-cookie": ["a=1", "b=2"]},
//    "body": …,
//    "milliseconds": {"name": 0.1, "connected": …, "tls": …, "ready": …, "first_byte": …, "total": 12.5},
//    "remote": "127.0.0.1:8080", "bytes": {"sent": …, "head": …, "body": …}}
//
// Shape:   header names in lower case, repeated ones joined with ", " (RFC 9110 5.2), set-cookie always an
//          array. A JSON body is "body", with the text of numbers, the order and duplicate keys unchanged and
//          no white space between tokens. Other text is "body_text", bytes that are not UTF-8 are
//          "body_base64", and an empty body is left out.
// Throws:  nothing.
// Source:  hail-rest(1), --envelope.

#pragma once

#include <string>
#include <string_view>

#include "lib/http/engine.h"

namespace hail::cli::rest {

// Ends without a newline.
std::string envelope(std::string_view url, const http::Result& result, std::string_view body);

}  // namespace hail::cli::rest
