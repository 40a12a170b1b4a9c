#include "lib/pubsub/patience.h"

#include <poll.h>

#include "lib/base/backoff.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::pubsub {

void Retrying::wait_after(const net::NotReached& failure) {
    ++attempts_;
    const base::Milliseconds delay = base::backoff(attempts_, base::random_number());
    const auto elapsed = std::chrono::duration_cast<base::Milliseconds>(Clock::now() - begun_);
    if (attempts_ > patience_.retries || (patience_.most && elapsed + delay > *patience_.most)) {
        throw failure;
    }
    tell_(std::string(failure.what()) + "; trying again in " + base::format_duration(delay) + " (" +
          std::to_string(attempts_) + " of " + std::to_string(patience_.retries) + ")");
    pollfd raised{stop_.descriptor(), POLLIN, 0};
    static_cast<void>(::poll(&raised, 1, static_cast<int>(delay.count())));
    if (stop_.raised() != 0) {
        throw base::Error(stop_.exit(), std::string(failure.what()) + "; stopped, nothing was sent");
    }
}

}  // namespace hail::pubsub
