// Stop: a request to stop, raised from a signal handler and seen by everything that waits.
//
// Shape:   the descriptor becomes readable at the first raise() and stays so: add it to every poll(2).
//          raised() is the signal's number, or 0 before any signal. After a second raise(), urgent() is true:
//          drop everything in flight.
// Threads: raise() is safe in a signal handler and from any thread.
// Source:  eventfd(2), signal-safety(7).

#pragma once

#include <atomic>

#include "lib/base/deadline.h"
#include "lib/base/exit.h"
#include "lib/base/owned.h"

namespace hail::base {

class Stop {
  public:
    Stop();

    void raise(int signal) noexcept;

    int raised() const noexcept { return signal_.load(std::memory_order_relaxed); }
    bool urgent() const noexcept { return count_.load(std::memory_order_relaxed) > 1; }
    int descriptor() const noexcept { return event_.number(); }

    // Waits until the descriptor can be read; false if a signal came first.
    bool wait_readable(int descriptor) const noexcept;

    // Waits for this long; false if a signal ended the wait.
    bool sleep(Milliseconds duration) const noexcept;

    // interrupted for SIGINT, terminated for every other signal; call it only after a signal.
    Exit exit() const noexcept;

  private:
    std::atomic<int> signal_{0};
    std::atomic<int> count_{0};
    Descriptor event_;
};

}  // namespace hail::base
