// Retries for a broker that cannot be reached yet. A wrong password or certificate is reported at once.
//
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
    std::uint64_t retries = 0;               // after the first attempt, at most
    std::optional<base::Milliseconds> most;  // for all attempts and waits together; empty: no limit
};

// Reports to the user what went wrong and when the next attempt is made.
using ReportRetry = std::function<void(const std::string&)>;

class ConnectRetry {
  public:
    ConnectRetry(const ConnectRetryOptions& options, const base::Stop& stop, ReportRetry report)
        : options_(options), stop_(stop), report_(std::move(report)) {}

    // Returns when it is time for the next attempt.
    void wait_after(const net::NotReached& failure);

  private:
    using Clock = base::Deadline::Clock;

    const ConnectRetryOptions& options_;
    const base::Stop& stop_;
    ReportRetry report_;
    std::uint64_t attempts_ = 0;
    Clock::time_point begun_ = Clock::now();
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
