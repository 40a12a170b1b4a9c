// Compresses a request's body while it is being read, in constant memory.
//
// Shape:   the length is unknown until the end. Before a pause everything read so far is flushed, so that a
//          live stream is not held back. Give read() more than 6 bytes of room: a flush needs that much
//          (zlib.h, deflate).
// Throws:  only what the body throws.
// Source:  RFC 9110 8.4.1; "deflate" is RFC 1950.

#pragma once

#include "lib/http/body.h"
#include "lib/http/decode.h"

namespace hail::http {

OwnedBody compressed_body(std::shared_ptr<RequestBody> body, Coding coding);  // gzip or deflate

// The same for bytes in memory.
std::string compress(std::string_view bytes, Coding coding);

}  // namespace hail::http
