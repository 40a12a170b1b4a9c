#include "lib/base/backoff.h"

#include <algorithm>

namespace hail::base {

namespace {

constexpr Milliseconds first_delay{1'000};
constexpr Milliseconds longest_delay{30'000};

}  // namespace

Milliseconds backoff(std::uint64_t attempts, std::uint32_t random) {
    const std::uint64_t doublings =
        std::min<std::uint64_t>(attempts - std::min<std::uint64_t>(attempts, 1), 5);
    const Milliseconds whole = std::min(first_delay * (1U << doublings), longest_delay);
    const Milliseconds half = whole / 2;
    return half + Milliseconds(random % (static_cast<std::uint32_t>(half.count()) + 1));
}

}  // namespace hail::base
