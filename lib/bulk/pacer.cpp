#include "lib/bulk/pacer.h"

#include <algorithm>

#include "lib/base/backoff.h"

namespace hail::bulk {

namespace {

constexpr std::chrono::seconds growth_interval(10);
constexpr double growth = 1.05;
constexpr double lowest_rate = 1;  // an adaptive rate never falls below it

double seconds(Pacer::Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

Pacer::Pacer(double rate, bool adapts, std::size_t burst)
    : rate_(rate), adapts_(adapts), burst_(static_cast<double>(burst)), tokens_(burst_) {}

void Pacer::fill(Clock::time_point now) {
    if (filled_ != Clock::time_point()) {
        tokens_ = std::min(burst_, tokens_ + seconds(now - filled_) * rate_);
    }
    filled_ = now;
}

std::optional<base::Deadline> Pacer::wait_for(std::size_t records) {
    if (!paused_ && rate_ <= 0) {
        return std::nullopt;
    }
    const Clock::time_point now = Clock::now();
    if (paused_) {
        if (now < pause_ends_) {
            return base::Deadline::after(std::chrono::ceil<base::Milliseconds>(pause_ends_ - now));
        }
        paused_ = false;
    }
    if (rate_ <= 0) {
        return std::nullopt;
    }
    fill(now);
    const double wanted = std::min(static_cast<double>(records), burst_);
    if (tokens_ >= wanted) {
        return std::nullopt;
    }
    const std::chrono::duration<double> wait((wanted - tokens_) / rate_);
    return base::Deadline::after(std::chrono::ceil<base::Milliseconds>(wait));
}

bool Pacer::refused(std::optional<base::Milliseconds> pause, std::uint32_t random) {
    if (pause && *pause > longest_pause) {
        return false;
    }
    const Clock::time_point now = Clock::now();
    // Shipments that were in flight together are refused together, and count once.
    if (!paused_ || now >= pause_ends_) {
        ++refusals_;
        slow_down(now);
    }
    const Clock::time_point ends = now + pause.value_or(base::backoff(refusals_, random));
    pause_ends_ = paused_ ? std::max(pause_ends_, ends) : ends;
    paused_ = true;
    return true;
}

void Pacer::slow_down(Clock::time_point now) {
    if (!adapts_) {
        return;
    }
    const double elapsed = std::max(seconds(now - changed_), 0.001);
    const double seen = static_cast<double>(accepted_) / elapsed;
    rate_ = std::max(lowest_rate, (rate_ > 0 ? rate_ : seen) / 2);
    tokens_ = std::min(tokens_, 0.0);
    changed_ = filled_ = now;
    accepted_ = 0;
}

void Pacer::accepted(std::size_t records) {
    refusals_ = 0;
    if (!adapts_) {
        return;
    }
    const Clock::time_point now = Clock::now();
    accepted_ += records;
    if (changed_ == Clock::time_point()) {
        changed_ = now;
    } else if (rate_ > 0 && now - changed_ >= growth_interval) {
        rate_ *= growth;
        changed_ = now;
    }
}

}  // namespace hail::bulk
