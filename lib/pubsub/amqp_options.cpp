#include "lib/pubsub/amqp_options.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::pubsub {

namespace {

using base::Error;
using base::Exit;

// "2026-01-31T12:00:00Z", "2026-01-31 12:00:00" or "2026-01-31", in UTC: seconds since 1970.
std::optional<std::uint64_t> seconds_of(const std::string& text) {
    for (const char* const form : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}) {
        std::tm parts{};
        const char* const end = ::strptime(text.c_str(), form, &parts);
        if (end != nullptr && *end == '\0') {
            const std::time_t seconds = ::timegm(&parts);
            return seconds < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(seconds));
        }
    }
    return std::nullopt;
}

}  // namespace

AmqpOffset parse_offset(std::string_view text) {
    for (const std::string_view word : {"first", "last", "next"}) {
        if (text == word) {
            return {.word = std::string(word)};
        }
    }
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (const auto number = base::parse_number(text); number && *number <= most) {
        return {AmqpOffset::Kind::number, {}, *number};
    }
    if (const auto time = seconds_of(std::string(text))) {
        return {AmqpOffset::Kind::time, {}, *time};
    }
    if (const auto ago = base::parse_duration(text)) {
        const auto begin = std::chrono::system_clock::now() - *ago;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(begin.time_since_epoch());
        return {AmqpOffset::Kind::time,
                {},
                static_cast<std::uint64_t>(std::max<std::int64_t>(seconds.count(), 0))};
    }
    throw Error(Exit::usage, "option --offset: '" + base::one_line(text, 60) + "' is not a place in a stream",
                "write first, last, next, a number, a duration such as 10m, or a time such as "
                "2026-01-31T12:00:00Z");
}

}  // namespace hail::pubsub
