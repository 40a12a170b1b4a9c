// Back-off: the delay before another attempt. It grows with every attempt, and jitter keeps clients from
// retrying at the same moment.
//
// Shape:   attempts counts from 1; the delay doubles from `first` to 30 s, and its second half is random.

#pragma once

#include <cstdint>

#include "lib/base/deadline.h"

namespace hail::base {

// `random` is a uniformly distributed number.
Milliseconds backoff(std::uint64_t attempts, std::uint32_t random, Milliseconds first = Milliseconds(1'000));

}  // namespace hail::base
