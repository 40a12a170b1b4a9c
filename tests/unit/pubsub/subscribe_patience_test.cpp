#include "lib/pubsub/subscribe_patience.h"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/error.h"
#include "lib/pubsub/subscriber.h"

using hail::base::Milliseconds;
using hail::pubsub::SubscribePatience;

namespace {

constexpr Milliseconds no_time(0);
constexpr Milliseconds an_hour(3'600'000);

std::string complaint(const SubscribePatience& patience) {
    try {
        patience.check();
    } catch (const hail::base::Error& error) {
        return error.what();
    }
    return {};
}

std::string advice(const SubscribePatience::Limits& limits) {
    SubscribePatience patience(limits);
    patience.opened();
    try {
        patience.check();
    } catch (const hail::base::Error& error) {
        return error.hint();
    }
    return {};
}

}  // namespace

TEST_CASE("subscribe patience: the limits for messages begin with the confirmation") {
    for (const SubscribePatience::Limits& limits :
         {SubscribePatience::Limits{.first = no_time}, SubscribePatience::Limits{.idle = no_time}}) {
        SubscribePatience patience(limits);
        patience.opened();
        CHECK(complaint(patience).empty());
        CHECK(patience.next().poll_milliseconds() < 0);
        patience.confirmed();
        CHECK(complaint(patience).starts_with("waiting for messages: none arrived within --"));
    }
}

TEST_CASE("subscribe patience: the limit for the first message ends with it, that for silence begins anew") {
    SubscribePatience first({.first = no_time});
    first.confirmed();
    first.received(1);
    CHECK(complaint(first).empty());

    SubscribePatience idle({.idle = no_time});
    idle.confirmed();
    idle.received(1);
    CHECK(complaint(idle) == "waiting for messages: none arrived within --idle-timeout");
}

TEST_CASE("subscribe patience: every connection has its limit for the confirmation") {
    SubscribePatience patience({.confirmation = no_time});
    patience.opened();
    CHECK(complaint(patience) == "subscribing: the broker has not confirmed every subscription in time");
    patience.confirmed();
    CHECK(complaint(patience).empty());
    patience.opened();
    CHECK_THROWS_AS(patience.check(), hail::pubsub::ConnectionLost);
    patience.lost();
    CHECK(complaint(patience).empty());
}

TEST_CASE("subscribe patience: a missing confirmation is told with the option that limits it") {
    CHECK(advice({.confirmation = no_time}) == "allow more with --connect-timeout");
    CHECK(advice({.duration = no_time, .confirmation = an_hour}) == "allow more with --for");
    CHECK(advice({.whole = no_time, .duration = an_hour}) == "allow more with --timeout");
}

TEST_CASE("subscribe patience: the duration ends a run well, unless a number of messages is missing") {
    SubscribePatience well({.duration = no_time});
    CHECK_FALSE(well.time_is_over());
    well.confirmed();
    CHECK(well.time_is_over());
    CHECK(complaint(well).empty());

    SubscribePatience missing({.duration = no_time, .count = 3});
    missing.confirmed();
    missing.received(2);
    CHECK_FALSE(missing.time_is_over());
    CHECK(complaint(missing) == "waiting for messages: 2 of 3 arrived within --for");
}

TEST_CASE("subscribe patience: the limit of the whole run is there from the start") {
    CHECK(complaint(SubscribePatience({.whole = no_time})) == "waiting for messages: the time limit passed");
    SubscribePatience patience({.whole = an_hour});
    CHECK(patience.next().poll_milliseconds() > 0);
    patience.opened();
    CHECK(complaint(patience).empty());
}
