#include "lib/base/stop.h"

#include <poll.h>

#include <csignal>

#include "lib/base/deadline.h"

#include <doctest/doctest.h>

using namespace hail::base;

namespace {

bool readable(const Stop& stop) {
    pollfd descriptor{stop.descriptor(), POLLIN, 0};
    return ::poll(&descriptor, 1, 0) == 1;
}

}  // namespace

TEST_CASE("stop: the first signal is kept, its descriptor stays readable, the second makes it urgent") {
    Stop stop;
    CHECK(stop.raised() == 0);
    CHECK_FALSE(readable(stop));
    stop.raise(SIGINT);
    CHECK(stop.raised() == SIGINT);
    CHECK(stop.exit() == Exit::interrupted);
    CHECK(readable(stop));
    CHECK(readable(stop));
    CHECK_FALSE(stop.urgent());
    stop.raise(SIGTERM, Stop::Clock::now() + Stop::shortest_gap);
    CHECK(stop.raised() == SIGINT);
    CHECK(stop.urgent());
}

TEST_CASE("stop: a signal that is delivered twice in one breath counts once") {
    Stop stop;
    const auto now = Stop::Clock::now();
    stop.raise(SIGTERM, now);
    stop.raise(SIGTERM, now + Milliseconds(3));
    stop.raise(SIGTERM, now + Milliseconds(299));
    CHECK_FALSE(stop.urgent());
    stop.raise(SIGTERM, now + Milliseconds(300));
    CHECK(stop.urgent());
}

TEST_CASE("stop: a signal other than SIGINT ends as terminated") {
    Stop stop;
    stop.raise(SIGTERM);
    CHECK(stop.exit() == Exit::terminated);
}

TEST_CASE("deadline: an unset one never passes, the sooner of two counts") {
    const Deadline never;
    CHECK_FALSE(never.passed());
    CHECK(never.poll_milliseconds() == -1);
    const Deadline now = Deadline::after(Milliseconds(0));
    CHECK(now.passed());
    CHECK(now.poll_milliseconds() == 0);
    const Deadline later = Deadline::after(Milliseconds(60'000));
    CHECK(later.poll_milliseconds() > 50'000);
    CHECK(sooner(never, now).passed());
    CHECK_FALSE(sooner(later, never).passed());
    CHECK(sooner(later, now).passed());
}
