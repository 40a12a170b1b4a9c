// A file of cookies in Netscape's format, as curl and browsers read and write it.
//
// Shape:   a cookie on each line, in seven fields with tabs between them.
// Throws:  read_cookie_file() Error(bad_input) with the number of a line that is not a cookie.
// Source:  curl's docs/HTTP-COOKIES.md.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/cookie.h"
#include "lib/http/date.h"

namespace hail::http {

std::vector<Cookie> read_cookie_file(std::string_view file);

// Without those that have expired or do not fit into the format.
std::string write_cookie_file(std::span<const Cookie> cookies, Time now);

}  // namespace hail::http
