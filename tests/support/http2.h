// HTTP/2 frames for the scripts of a peer: just enough for one request on stream 1 and a faulty reply.
//
// Shape:   {read_http2_request(), send(http2_head() + http2_data("x") + http2_reset(2))}.
// Source:  RFC 9113 4.1, 6; RFC 7541 (":status: 200" is the indexed field 8, "content-encoding" and
//          "content-length" the names 26 and 28).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/peer.h"

namespace hail::support {

enum class Http2 { goes_on, ends };  // END_STREAM

Step read_http2_request();  // the client's preface and first headers; answers with SETTINGS
Step await_http2_client();  // waits, with a PING, until the client has received everything

struct Http2Head {
    std::optional<std::size_t> content_length{};
    std::string coding{};
};
std::string http2_head(const Http2Head& head = {});  // status 200
std::string http2_data(std::string_view bytes, Http2 stream = Http2::goes_on);
std::string http2_reset(std::uint32_t error);   // RST_STREAM
std::string http2_goaway(std::uint32_t error);  // GOAWAY, with stream 1 as the last one

}  // namespace hail::support
