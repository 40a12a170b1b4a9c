// Which bytes of the whole a reply carries.
//
// Shape:   "bytes 5-9/10": first and last, both included; "bytes */10" (of a 416) has the total alone; "/*"
//          has no total. Anything that contradicts itself is none.
// Throws:  nothing.
// Source:  RFC 9110 14.4.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hail::http {

struct ContentRange {
    struct Span {
        std::uint64_t first = 0;
        std::uint64_t last = 0;

        bool operator==(const Span&) const = default;
    };

    std::optional<Span> span;            // none: the range that was asked for cannot be had
    std::optional<std::uint64_t> total;  // none: not known to the server

    bool operator==(const ContentRange&) const = default;
};

std::optional<ContentRange> parse_content_range(std::string_view value);

}  // namespace hail::http
