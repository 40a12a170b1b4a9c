// Percentiles of durations, from a histogram of constant size.
//
// Shape:   buckets of logarithmic width, eight for each power of two: a percentile is at most 12.5 % too
// high. Source:  the idea of HdrHistogram.

#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "lib/base/deadline.h"

namespace hail::bulk {

class Latency {
  public:
    using Microseconds = std::chrono::microseconds;

    void add(Microseconds duration) {
        ++counts_[bucket(static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count()))];
        ++total_;
    }

    // The shortest duration that this share of all did not exceed, rounded up to a bucket; 0 without any.
    Microseconds percentile(double share) const {
        const double wanted = share * static_cast<double>(total_);
        std::uint64_t seen = 0;
        for (std::uint64_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > 0 && static_cast<double>(seen) >= wanted) {
                return Microseconds(upper_end(i));
            }
        }
        return Microseconds(0);
    }

  private:
    static constexpr std::uint64_t steps = 8;

    static std::uint64_t bucket(std::uint64_t value) {
        if (value < steps) {
            return value;
        }
        const std::uint64_t shift = static_cast<std::uint64_t>(60 - std::countl_zero(value));
        return shift * steps + (value >> shift);
    }

    static std::uint64_t upper_end(std::uint64_t bucket) {
        if (bucket < 2 * steps) {
            return bucket;
        }
        const std::uint64_t shift = bucket / steps - 1;
        return ((bucket - shift * steps + 1) << shift) - 1;
    }

    std::array<std::uint64_t, 62 * steps> counts_{};
    std::uint64_t total_ = 0;
};

}  // namespace hail::bulk
