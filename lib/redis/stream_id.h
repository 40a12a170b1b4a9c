// The id of a stream's entry: milliseconds since 1970 and a number within them, "1526919030474-55".
//
// Source:  https://redis.io/docs/latest/develop/data-types/streams, "Entry IDs".

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hail::redis {

struct StreamId {
    std::uint64_t milliseconds = 0;
    std::uint64_t sequence = 0;

    bool operator==(const StreamId&) const = default;
    // Not operator<=>, whose comparison with 0 clang 14 takes for one with a null pointer.
    bool operator<(const StreamId& other) const {
        return std::pair(milliseconds, sequence) < std::pair(other.milliseconds, other.sequence);
    }
    bool operator>(const StreamId& other) const { return other < *this; }
    bool operator<=(const StreamId& other) const { return !(other < *this); }
    bool operator>=(const StreamId& other) const { return !(*this < other); }
    std::string text() const { return std::to_string(milliseconds) + "-" + std::to_string(sequence); }
};

// Empty if the text is not an id. Without a number after the milliseconds, it is 0.
std::optional<StreamId> parse_stream_id(std::string_view text);

}  // namespace hail::redis
