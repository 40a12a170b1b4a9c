#include "cli/output/progress.h"

#include <algorithm>
#include <cmath>

#include "lib/base/text.h"

namespace hail::cli::output {

namespace {

constexpr std::chrono::seconds window{3};

}  // namespace

Progress::Progress(std::string_view verb, std::optional<std::uint64_t> whole, Clock::time_point now,
                   std::uint64_t before)
    : verb_(verb), whole_(whole), next_(now + quiet_start), older_{now, before}, newer_{now, before} {}

double Progress::rate(std::uint64_t done, Clock::time_point now) const {
    const double time = seconds(now - older_.at);
    const auto bytes = static_cast<double>(done - std::min(done, older_.done));
    return time > 0 ? bytes / time : 0;
}

void Progress::remember(std::uint64_t done, Clock::time_point now) {
    if (now - newer_.at >= window) {
        older_ = newer_;
        newer_ = {now, done};
    }
}

std::optional<std::string> Progress::update(std::uint64_t done, Clock::time_point now) {
    if (now < next_) {
        return std::nullopt;
    }
    next_ = now + shortest_gap;
    const double bytes_per_second = rate(done, now);
    remember(done, now);
    return progress_line(verb_, done, whole_, bytes_per_second);
}

std::string progress_line(std::string_view verb, std::uint64_t done, std::optional<std::uint64_t> whole,
                          double rate) {
    std::string line(verb);
    if (whole && *whole > 0) {
        const auto percent = static_cast<std::uint64_t>(100.0 * static_cast<double>(std::min(done, *whole)) /
                                                        static_cast<double>(*whole));
        const std::string digits = std::to_string(percent);
        line += std::string(5 - digits.size(), ' ') + digits + " %";
    }
    line += "  " + base::format_size(done);
    if (whole) {
        line += " of " + base::format_size(*whole);
    }
    line += "  " + base::format_size(static_cast<std::uint64_t>(rate)) + "/s";
    if (whole && *whole > done && rate >= 1) {
        const double left = std::ceil(static_cast<double>(*whole - done) / rate);
        constexpr double longest = 100.0 * 3600;
        if (left < longest) {
            line +=
                "  " + base::format_duration(std::chrono::seconds(static_cast<std::int64_t>(left))) + " left";
        }
    }
    return line;
}

}  // namespace hail::cli::output
