#include "cli/output/call_progress.h"

#include <cmath>

#include "cli/output/progress.h"
#include "lib/base/text.h"

namespace hail::cli::output {

base::Deadline CallProgress::tick() {
    if (!is_drawn()) {
        return {};
    }
    draw(Clock::now());
    return base::Deadline::after(window);
}

bool CallProgress::is_drawn() const {
    return console_.draws() && !(subject_.has_data && console_.to_terminal());
}

void CallProgress::draw(Clock::time_point now) {
    if (now < next_ || !is_drawn()) {
        return;
    }
    next_ = now + gap;
    console_.draw(line(now));
    if (now - next_from_ >= window) {
        from_ = next_from_;
        calls_then_ = next_calls_then_;
        next_from_ = now;
        next_calls_then_ = calls_;
    }
}

std::string CallProgress::line(Clock::time_point now) const {
    std::string text = std::to_string(calls_) + " " + std::string(subject_.noun) + (calls_ == 1 ? "" : "s");
    if (failed_ > 0) {
        text += "  " + std::to_string(failed_) + " failed";
    }
    if (const double time = seconds(now - from_); time > 0) {
        const double rate = static_cast<double>(calls_ - calls_then_) / time;
        text += "  " + std::to_string(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
    }
    const std::optional<double> share = share_();
    if (share && *share > 0 && calls_ > 0) {
        text += "  " + std::to_string(static_cast<int>(*share * 100)) + " %";
        const double left = std::ceil(seconds(now - begun_) * (1 - *share) / *share);
        constexpr double longest = 100.0 * 3600;
        if (left > 0 && left < longest) {
            text +=
                "  " + base::format_duration(std::chrono::seconds(static_cast<std::int64_t>(left))) + " left";
        }
    }
    return text;
}

}  // namespace hail::cli::output
