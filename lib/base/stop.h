// Stop: a request to stop, raised from a signal handler and seen by everything that waits.
//
// Shape:   the descriptor becomes readable at the first raise() and stays so: add it to every poll(2).
//          raised() is the signal's number, or 0 before any signal. After a second raise(), urgent() is true:
//          drop everything in flight. A second one within 300 ms does not count, because programs that run
//          others, such as timeout(1) and npm, deliver one signal twice.
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

    using Clock = Deadline::Clock;
    static constexpr Milliseconds shortest_gap{300};

    void raise(int signal, Clock::time_point now = Clock::now()) noexcept;

    int raised() const noexcept { return signal_.load(std::memory_order_relaxed); }
    bool urgent() const noexcept { return urgent_.load(std::memory_order_relaxed); }
    int descriptor() const noexcept { return event_.number(); }

    // Waits until the descriptor can be read; false if a signal came first.
    bool wait_readable(int descriptor) const noexcept;

    // Waits for this long; false if a signal ended the wait.
    bool sleep(Milliseconds duration) const noexcept;

    // interrupted for SIGINT, terminated for every other signal; call it only after a signal.
    Exit exit() const noexcept;

  private:
    std::atomic<int> signal_{0};
    std::atomic<Clock::rep> first_{0};  // when it was raised for the first time
    std::atomic<bool> urgent_{false};
    Descriptor event_;
};

}  // namespace hail::base
