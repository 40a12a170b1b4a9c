// The pace of a bulk run: a token bucket of records, pauses that the peer asks for, and a rate that follows
// what the peer accepts.
//
// Shape:   rates in records a second. The bucket holds at most `burst` records, and is full at first. An
//          adaptive rate has no limit until the peer refuses for the first time; a refusal halves it, and it
//          grows by 5 % every 10 s (additive increase would not fit rates of every size).
// Source:  lib/base/token_bucket.h; Chiu and Jain, 1989 (decrease).

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "lib/base/deadline.h"
#include "lib/base/token_bucket.h"

namespace hail::bulk {

class Pacer {
  public:
    using Clock = base::Deadline::Clock;

    // A rate of 0: no limit.
    Pacer(double rate, bool adapts, std::size_t burst);

    // When so many records may be sent; nothing: now.
    std::optional<base::Deadline> wait_for(std::size_t records);
    void take(std::size_t records) { bucket_.take(records); }

    // The peer refused because of the rate, and asks for this pause. Returns false if the pause is longer
    // than anyone should wait for.
    bool refused(std::optional<base::Milliseconds> pause, std::uint32_t random);
    void accepted(std::size_t records);

    double rate() const { return bucket_.rate(); }  // 0: no limit

  private:
    void slow_down(Clock::time_point now);

    base::TokenBucket bucket_;
    bool adapts_;
    bool paused_ = false;
    Clock::time_point pause_ends_{};
    std::uint64_t refusals_ = 0;  // since the last acceptance

    // Since the rate changed last.
    Clock::time_point changed_{};
    std::uint64_t accepted_ = 0;
};

// The longest pause that a peer may ask for.
inline constexpr base::Milliseconds longest_pause{60'000};

}  // namespace hail::bulk
