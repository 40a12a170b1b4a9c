#include "lib/redis/stream_id.h"

#include "lib/base/text.h"

namespace hail::redis {

std::optional<StreamId> parse_stream_id(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto milliseconds = base::parse_number(text.substr(0, dash));
    const auto sequence =
        dash == text.npos ? std::optional<std::uint64_t>(0) : base::parse_number(text.substr(dash + 1));
    if (!milliseconds || !sequence) {
        return std::nullopt;
    }
    return StreamId{*milliseconds, *sequence};
}

}  // namespace hail::redis
