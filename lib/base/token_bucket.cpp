#include "lib/base/token_bucket.h"

#include <algorithm>
#include <chrono>

namespace hail::base {

TokenBucket::TokenBucket(double rate, std::size_t burst)
    : rate_(rate), burst_(static_cast<double>(burst)), tokens_(burst_) {}

void TokenBucket::fill(Clock::time_point now) {
    if (filled_ != Clock::time_point()) {
        tokens_ = std::min(burst_, tokens_ + std::chrono::duration<double>(now - filled_).count() * rate_);
    }
    filled_ = now;
}

void TokenBucket::empty(Clock::time_point now) {
    tokens_ = std::min(tokens_, 0.0);
    filled_ = now;
}

std::optional<Deadline> TokenBucket::wait_for(std::size_t count, Clock::time_point now) {
    if (rate_ <= 0) {
        return std::nullopt;
    }
    fill(now);
    const double wanted = std::min(static_cast<double>(count), burst_);
    if (tokens_ >= wanted) {
        return std::nullopt;
    }
    const std::chrono::duration<double> wait((wanted - tokens_) / rate_);
    return Deadline::after(std::chrono::ceil<Milliseconds>(wait));
}

}  // namespace hail::base
