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

Pacer::Pacer(double rate, bool adapts, std::size_t burst) : bucket_(rate, burst), adapts_(adapts) {}

std::optional<base::Deadline> Pacer::wait_for(std::size_t records) {
    if (!paused_ && rate() <= 0) {
        return std::nullopt;
    }
    const Clock::time_point now = Clock::now();
    if (paused_) {
        if (now < pause_ends_) {
            return base::Deadline::after(std::chrono::ceil<base::Milliseconds>(pause_ends_ - now));
        }
        paused_ = false;
    }
    return bucket_.wait_for(records, now);
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
    bucket_.set_rate(std::max(lowest_rate, (rate() > 0 ? rate() : seen) / 2));
    bucket_.empty(now);
    changed_ = now;
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
    } else if (rate() > 0 && now - changed_ >= growth_interval) {
        bucket_.set_rate(rate() * growth);
        changed_ = now;
    }
}

}  // namespace hail::bulk
