// ContentRange: tells which bytes of the whole a reply carries.
//
// Shape:   "bytes 5-9/10": first and last, both included; "bytes */10" (in a 416) has only the total; "/*"
//          has no total. A value that contradicts itself is rejected: the result is empty.
// Throws:  nothing.
// Source:  RFC 9110 14.4.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/http/message.h"

namespace hail::http {

struct ContentRange {
    struct Span {
        std::uint64_t first = 0;
        std::uint64_t last = 0;

        bool operator==(const Span&) const = default;
    };

    std::optional<Span> span;            // none: the requested range is not available
    std::optional<std::uint64_t> total;  // none: the server does not know it

    bool operator==(const ContentRange&) const = default;
};

std::optional<ContentRange> parse_content_range(std::string_view value);

// The fault of a 206 as the answer to the request, in words that can follow "206, but "; nothing for any
// other status, or if the part lies in the range that was asked for. Source: RFC 9110 15.3.7.
std::optional<std::string> range_fault(const Request& request, const ReplyHead& head);

// True if the reply's Content-Range says that it has all bytes of the whole.
bool covers_the_whole(const ReplyHead& head);

}  // namespace hail::http
