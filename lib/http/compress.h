// A request's body, compressed while it is read, in flat memory.
//
// Shape:   the length is not known before the end. What came before a pause is let through, so that a live
//          stream is not held back. Give read() more than 6 bytes of room: what lets a pause through needs
//          that much (zlib.h, deflate).
// Throws:  nothing but what the body throws.
// Source:  RFC 9110 8.4.1; "deflate" is RFC 1950.

#pragma once

#include "lib/http/body.h"
#include "lib/http/decode.h"

namespace hail::http {

OwnedBody compressed_body(std::shared_ptr<RequestBody> body, Coding coding);  // gzip or deflate

// The same for bytes that are in memory.
std::string compress(std::string_view bytes, Coding coding);

}  // namespace hail::http
