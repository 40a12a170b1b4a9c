#include "lib/http/date.h"

#include <cstdint>
#include <cstdlib>
#include <string>

// Any text is read as a second of the years 0 to 9999, or as no date.

using namespace hail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const http::Time now{std::chrono::seconds(1'790'000'000)};
    // Each year of four digits, and what two digits can mean.
    for (const auto& time : {http::parse_date(text, now), http::parse_cookie_date(text)}) {
        if (time && (*time < std::chrono::sys_days(std::chrono::year(0) / 1 / 1) ||
                     *time >= std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1))) {
            std::abort();
        }
    }
    return 0;
}
