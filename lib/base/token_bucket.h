// A token bucket: the pace of things that are done at a limited rate.
//
// Shape:   the rate in tokens a second; the bucket holds at most `burst`, and is full at first.
// Source:  Turner, "New directions in communications", 1986.

#pragma once

#include <cstddef>
#include <optional>

#include "lib/base/deadline.h"

namespace hail::base {

class TokenBucket {
  public:
    using Clock = Deadline::Clock;

    // A rate of 0: no limit.
    TokenBucket(double rate, std::size_t burst);

    // When so many may be taken, or all that the bucket holds; nothing: now.
    std::optional<Deadline> wait_for(std::size_t count, Clock::time_point now);
    void take(std::size_t count) { tokens_ -= static_cast<double>(count); }

    double rate() const { return rate_; }
    void set_rate(double rate) { rate_ = rate; }
    void empty(Clock::time_point now);

  private:
    void fill(Clock::time_point now);

    double rate_;
    double burst_;
    double tokens_;
    Clock::time_point filled_{};
};

}  // namespace hail::base
