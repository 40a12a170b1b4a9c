#include "lib/pubsub/publish_patience.h"

#include <doctest/doctest.h>

#include <optional>

using hail::base::Milliseconds;
using hail::pubsub::PublishPatience;

namespace {

constexpr Milliseconds at_once(0);
constexpr Milliseconds long_time(3'600'000);

}  // namespace

TEST_CASE("publish patience: the idle limit is for messages without an answer") {
    PublishPatience patience({{}, at_once, long_time});
    CHECK(patience.passed_option().empty());
    patience.watch({.waiting = false});
    CHECK_FALSE(patience.is_silent());
    CHECK(patience.next().poll_milliseconds() < 0);
    patience.watch({.waiting = true});
    CHECK(patience.is_silent());
    CHECK(patience.passed_option() == "--idle-timeout");
    patience.watch({.answers = 1, .waiting = false});
    CHECK(patience.passed_option().empty());
}

TEST_CASE("publish patience: the drain limit begins at the end of the input") {
    PublishPatience patience({{}, long_time, at_once});
    patience.watch({.waiting = true});
    CHECK(patience.passed_option().empty());
    patience.watch({.draining = true, .waiting = true});
    CHECK(patience.passed_option() == "--drain-timeout");
}

TEST_CASE("publish patience: a broker that takes no messages is waited for") {
    PublishPatience patience({{}, at_once, at_once});
    patience.watch({.draining = true, .blocked = true, .waiting = true});
    CHECK_FALSE(patience.is_silent());
    patience.watch({.draining = true, .waiting = true});
    CHECK(patience.is_silent());
}

TEST_CASE("publish patience: after a signal no answer prolongs it") {
    PublishPatience patience({{}, {}, {}});
    patience.stop();
    const int left = patience.next().poll_milliseconds();
    CHECK(left >= 0);
    CHECK(left <= 2'000);
    patience.watch({.answers = 1, .draining = true});
    CHECK(patience.next().poll_milliseconds() <= left);
}

TEST_CASE("publish patience: the limit of the whole run is there from the start") {
    CHECK(PublishPatience({at_once, {}, {}}).passed_option() == "--timeout");
}
