// Parses the dates in headers.
//
// Shape:   whole seconds, UTC. A date that does not exist (31 February, 25 o'clock) is rejected; a leap
//          second counts as the second before it.
// Why not libcurl's: curl_getdate() turns 31 February into 3 March and has no rule for the century of
//          two-digit years.
// Throws:  nothing.
// Source:  RFC 9110 5.6.7 (IMF-fixdate, and the two obsolete forms that a recipient must accept), RFC 6265
//          5.1.1.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hail::http {

using Time = std::chrono::sys_seconds;

Time current_time();

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994". A two-digit
// year is the latest one that is at most 50 years ahead of now.
std::optional<Time> parse_date(std::string_view text, Time now);

// The laxer dates in cookies: any order, any separators, two-digit years from 1970 to 2069.
std::optional<Time> parse_cookie_date(std::string_view text);

}  // namespace hail::http
