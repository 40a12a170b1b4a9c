// Retries for a broker that cannot be reached yet. A wrong password or certificate is reported at once.
//
// Shape:   the delays double from 1 s to 30 s, half of each is random. While a broker is waited for, they
//          double from 250 ms to 2 s instead, and only the time limits the attempts. No pause outlasts the
//          run that the attempts are for.
// Throws:  the last net::NotReached if no retries are left, and the stop's exit if the stop is raised during
//          a wait.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/net/byte_stream.h"

namespace hail::pubsub {

struct ConnectRetryOptions {
    std::uint64_t retries = 0;                 // after the first attempt, at most
    std::optional<base::Milliseconds> most{};  // for all attempts and waits together; empty: no limit
    std::optional<base::Milliseconds> wait{};  // as many attempts as this time allows; empty: `retries`

    bool any() const { return retries > 0 || wait; }
};

// Reports to the user what went wrong and when the next attempt is made.
using ReportRetry = std::function<void(const std::string&)>;

class ConnectRetry {
  public:
    // The run ends at `until`.
    ConnectRetry(const ConnectRetryOptions& options, const base::Deadline& until, const base::Stop& stop,
                 ReportRetry report)
        : options_(options), until_(until), stop_(stop), report_(std::move(report)) {}

    // Returns when it is time for the next attempt.
    void wait_after(const net::NotReached& failure);

    // The same as a value, for a run that has begun.
    enum class Next { attempt, give_up, stopped };
    Next next_after(const std::string& failure);

    // The pause before the next attempt, for a run that has more to do than to wait; empty: none is left.
    std::optional<base::Milliseconds> next_delay();

    // The broker answered: the next failure begins a new series of attempts.
    void reset();
    // It answered, but soon failed: as reset(), but the pauses go on growing.
    void begin_anew();
    // Whether this is the first failure since then, after which an attempt at once is worth it; asking begins
    // the time that all attempts may take.
    bool is_first();

  private:
    using Clock = base::Deadline::Clock;

    base::Milliseconds left_of_run() const;

    ConnectRetryOptions options_;
    base::Deadline until_;
    const base::Stop& stop_;
    ReportRetry report_;
    std::uint64_t attempts_ = 0;
    std::uint64_t pauses_ = 0;  // since the last reset
    std::optional<Clock::time_point> begun_ = Clock::now();
};

// Calls open() until it reaches the broker, and returns its result.
template <typename Open>
auto connect_with_retry(ConnectRetry retry, const Open& open) -> decltype(open()) {
    while (true) {
        try {
            return open();
        } catch (const net::NotReached& failure) {
            retry.wait_after(failure);
        }
    }
}

}  // namespace hail::pubsub
