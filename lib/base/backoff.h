#pragma once

#include <cstdint>

#include "lib/base/deadline.h"

// How long to wait before something is tried again: longer each time, and never all at the same moment.
//
// Shape:   attempts counts those made, from 1; doubles from 1 s to 30 s, the second half of it at random.

namespace hail::base {

// random is any number, evenly spread.
Milliseconds backoff(std::uint64_t attempts, std::uint32_t random);

}  // namespace hail::base
