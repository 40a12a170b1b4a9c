#include "lib/pubsub/connect_retry.h"

#include <algorithm>

#include "lib/base/backoff.h"
#include "lib/base/random.h"
#include "lib/base/text.h"

namespace hail::pubsub {

namespace {

using base::Milliseconds;

constexpr Milliseconds first_wait(250);
constexpr Milliseconds longest_wait(2'000);

}  // namespace

Milliseconds ConnectRetry::left_of_run() const {
    const int left = until_.poll_milliseconds();
    return left < 0 ? Milliseconds::max() : Milliseconds(left);
}

std::optional<Milliseconds> ConnectRetry::next_delay() {
    if (!begun_) {
        begun_ = Clock::now();
    }
    ++attempts_;
    ++pauses_;
    const auto elapsed = std::chrono::duration_cast<Milliseconds>(Clock::now() - *begun_);
    if (options_.wait) {
        const Milliseconds left = std::min(*options_.wait - elapsed, left_of_run());
        const Milliseconds wanted =
            std::min(base::backoff(pauses_, base::random_number(), first_wait), longest_wait);
        return left.count() > 0 ? std::optional(std::min(wanted, left)) : std::nullopt;
    }
    const Milliseconds wanted = base::backoff(pauses_, base::random_number());
    if (attempts_ > options_.retries || (options_.most && elapsed + wanted > *options_.most) ||
        wanted > left_of_run()) {
        return std::nullopt;
    }
    return wanted;
}

ConnectRetry::Next ConnectRetry::next_after(const std::string& failure) {
    const auto pause = next_delay();
    if (!pause) {
        return Next::give_up;
    }
    if (!options_.wait) {
        report_(failure + "; trying again in " + base::format_duration(*pause) + " (" +
                std::to_string(attempts_) + " of " + std::to_string(options_.retries) + ")");
    } else if (attempts_ == 1) {
        report_(failure + "; trying again for up to " +
                base::format_duration(std::min(*options_.wait, left_of_run())));
    }
    return stop_.sleep(*pause) ? Next::attempt : Next::stopped;
}

void ConnectRetry::wait_after(const net::NotReached& failure) {
    switch (next_after(failure.what())) {
        case Next::attempt:
            return;
        case Next::give_up:
            throw failure;
        case Next::stopped:
            throw base::Error(stop_.exit(),
                              std::string(failure.what()) + "; stopped by a signal, nothing was sent");
    }
}

bool ConnectRetry::is_first() {
    const bool first = !begun_;
    begun_ = begun_.value_or(Clock::now());
    return first;
}

void ConnectRetry::reset() {
    attempts_ = 0;
    pauses_ = 0;
    begun_.reset();
}

void ConnectRetry::begin_anew() {
    attempts_ = 0;
    if (begun_) {
        begun_ = Clock::now();
    }
}

}  // namespace hail::pubsub
