// Builds URLs as they are sent: the typed text, made safe and otherwise unchanged.
//
// Shape:   bytes that a URL may not contain are percent-encoded with capital digits; a '%' with two
//          hexadecimal digits stays, any other becomes %25. Dot segments stay.
// Why not libcurl's: curl_url_set() removes dot segments, rewrites escapes and rejects URLs that servers
//          accept.
// Source:  RFC 3986; the form-style of query pairs is the WHATWG URL standard's
//          application/x-www-form-urlencoded.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/net/address.h"

namespace hail::http {

struct Pair {
    std::string name;
    std::string value;
};

// scheme://host[:port]/path[?query], without user and password; the pairs are appended to an existing query.
std::string make_url(const net::Address& address, const std::vector<Pair>& query = {});

// A path or query with percent escapes for the bytes that it may not contain, including '#'.
std::string encode_illegal(std::string_view text);

// "a=1+2&b=%C3%BC": a query or the body of a form.
std::string form_encode(const std::vector<Pair>& pairs);

// The parts of a URL that make_url() built.
std::string host_header(std::string_view url);          // "host[:port]", as the Host line has it
std::string_view request_target(std::string_view url);  // "/path[?query]"

}  // namespace hail::http
