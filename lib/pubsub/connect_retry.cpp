#include "lib/pubsub/connect_retry.h"

#include <poll.h>

#include "lib/base/backoff.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::pubsub {

void ConnectRetry::wait_after(const net::NotReached& failure) {
    ++attempts_;
    const base::Milliseconds delay = base::backoff(attempts_, base::random_number());
    const auto elapsed = std::chrono::duration_cast<base::Milliseconds>(Clock::now() - begun_);
    if (attempts_ > options_.retries || (options_.most && elapsed + delay > *options_.most)) {
        throw failure;
    }
    report_(std::string(failure.what()) + "; trying again in " + base::format_duration(delay) + " (" +
            std::to_string(attempts_) + " of " + std::to_string(options_.retries) + ")");
    pollfd raised{stop_.descriptor(), POLLIN, 0};
    static_cast<void>(::poll(&raised, 1, static_cast<int>(delay.count())));
    if (stop_.raised() != 0) {
        throw base::Error(stop_.exit(),
                          std::string(failure.what()) + "; stopped by a signal, nothing was sent");
    }
}

}  // namespace hail::pubsub
