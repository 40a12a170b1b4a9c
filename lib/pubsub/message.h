// One message as a broker delivers it.
//
// Shape:   views into the connection's buffer: valid during the call that hands them over.

#pragma once

#include <optional>
#include <string_view>

namespace hail::pubsub {

struct Message {
    std::string_view channel;
    std::optional<std::string_view> pattern;  // the pattern that matched, if it came through one
    std::string_view payload;
};

}  // namespace hail::pubsub
