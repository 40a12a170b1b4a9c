// How long to wait before something is tried again: longer each time, and never all at the same moment.
//
// Shape:   attempts counts those made, from 1; the delay doubles from the first one to 30 s, and its second
//          half is random.

#pragma once

#include <cstdint>

#include "lib/base/deadline.h"

namespace hail::base {

// random is any number, evenly spread.
Milliseconds backoff(std::uint64_t attempts, std::uint32_t random, Milliseconds first = Milliseconds(1'000));

}  // namespace hail::base
