#include "lib/base/backoff.h"

#include <algorithm>

namespace hail::base {

namespace {

constexpr Milliseconds longest_delay{30'000};

}  // namespace

Milliseconds backoff(std::uint64_t attempts, std::uint32_t random, Milliseconds first) {
    constexpr std::uint64_t most_doublings = 15;  // enough to reach 30 s from 1 ms
    const std::uint64_t doublings = std::min(std::max<std::uint64_t>(attempts, 1) - 1, most_doublings);
    const Milliseconds whole = std::min(first * (1U << doublings), longest_delay);
    const Milliseconds half = whole / 2;
    return half + Milliseconds(random % (static_cast<std::uint32_t>(half.count()) + 1));
}

}  // namespace hail::base
