// The end of a fuzz target that sees a broken promise.

#pragma once

#include <cstdlib>

inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}
