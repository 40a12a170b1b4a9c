#include "lib/http/date.h"

#include <cstdint>
#include <cstdlib>
#include <string>

// A date that is read is written in a form that is read as the same second.

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const http::Time now{std::chrono::seconds(1'790'000'000)};
    const std::optional<http::Time> times[]{http::parse_date(text, now), http::parse_cookie_date(text)};
    for (const auto& time : times) {
        if (time && (http::parse_date(http::format_date(*time), now) != *time ||
                     http::parse_cookie_date(http::format_date(*time)) != *time)) {
            std::abort();
        }
    }
    return 0;
}
