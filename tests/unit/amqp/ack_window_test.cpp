#include "lib/amqp/ack_window.h"

#include <doctest/doctest.h>

#include <string>

#include "lib/amqp/codec.h"
#include "lib/base/error.h"

using hail::amqp::ack;
using hail::amqp::AckWindow;

namespace {

AckWindow window_of(std::uint64_t count) {
    AckWindow window;
    for (std::uint64_t tag = 1; tag <= count; ++tag) {
        window.add(tag);
    }
    return window;
}

std::string due(AckWindow& window) {
    std::string out;
    window.append_due(out, 1);
    return out;
}

}  // namespace

TEST_CASE("amqp acks: those at the front go out as one") {
    AckWindow window = window_of(5);
    CHECK(due(window).empty());
    CHECK(window.done(1));
    CHECK(window.done(2));
    CHECK(due(window) == ack(1, {2, true}));
    CHECK(due(window).empty());
    CHECK(window.open() == 3);
}

TEST_CASE("amqp acks: one that is not at the front goes out alone, and only once") {
    AckWindow window = window_of(4);
    window.done(3);
    window.done(1);
    CHECK(due(window) == ack(1, {1, true}) + ack(1, {3, false}));
    window.done(2);
    CHECK(due(window) == ack(1, {2, true}));
    window.done(4);
    CHECK(due(window) == ack(1, {4, true}));
    CHECK(window.open() == 0);
}

TEST_CASE("amqp acks: a rejected message is not acknowledged") {
    AckWindow window = window_of(3);
    CHECK(window.forget(2));
    window.done(1);
    CHECK(due(window) == ack(1, {1, true}));
    CHECK_FALSE(window.done(2));
    window.done(3);
    CHECK(due(window) == ack(1, {3, true}));
    CHECK_FALSE(window.done(3));
    CHECK_FALSE(window.done(99));
}

TEST_CASE("amqp acks: a delivery out of its order is refused") {
    AckWindow window = window_of(2);
    CHECK_THROWS_WITH_AS(window.add(2), "the broker sent delivery 2 instead of 3", hail::base::Error);
    CHECK_THROWS_AS(window.add(0), hail::base::Error);
    window.add(3);
}
