// A request as a curl(1) command line for a POSIX shell; it sends the same bytes.
//
// Shape:   one line without a newline. Headers that curl would add are switched off unless the request has
//          them. A body with control or invisible characters, or one that is not UTF-8, comes through a
//          pipe from printf(1).
// Throws:  nothing.
// Source:  curl(1), sh(1).

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/output/masked_body.h"
#include "lib/http/message.h"
#include "lib/net/connect_options.h"

namespace hail::cli::rest {

using output::Secrets;

// A part of a form, as curl's -F takes it.
struct CurlPart {
    std::string name;
    std::string value;
    std::string path;  // empty: not a file; "-" is stdin
    std::string file_name;
    std::string media_type;
};

// The source of a body that is not in the request itself.
struct CurlBody {
    std::string file;             // "-" is stdin
    std::vector<CurlPart> parts;  // multipart: curl chooses the boundary
};

std::string curl_line(const http::Request& request, const CurlBody& body, const net::ConnectOptions& connect,
                      Secrets secrets);

}  // namespace hail::cli::rest
