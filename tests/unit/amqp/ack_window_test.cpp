#include "lib/amqp/ack_window.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "lib/amqp/codec.h"

using hail::amqp::ack;
using hail::amqp::AckWindow;

namespace {

AckWindow window_of(std::uint64_t count) {
    AckWindow window;
    for (std::uint64_t tag = 1; tag <= count; ++tag) {
        window.add();
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
    CHECK(due(window) == ack(1, {2, false}));
    window.done(4);
    CHECK(due(window) == ack(1, {4, true}));
    CHECK(window.open() == 0);
}

TEST_CASE("amqp acks: one that stays open is never acknowledged with the others, and does not slow them") {
    AckWindow window = window_of(3);
    window.done(1);
    window.done(3);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(due(window) == ack(1, {1, true}) + ack(1, {3, false}));
    constexpr std::uint64_t many = 60'000;
    std::string last;
    for (std::uint64_t tag = 4; tag <= many; ++tag) {
        window.add();
        window.done(tag);
        last = due(window);
    }
    CHECK(last == ack(1, {many, false}));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
    CHECK(window.open() == 1);
    CHECK(window.forget(2));
    CHECK_FALSE(window.done(2));
    window.add();
    window.done(many + 1);
    CHECK(due(window) == ack(1, {many + 1, true}));
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

TEST_CASE("amqp acks: in any order, each message is acknowledged once, and none that is open") {
    std::mt19937 random(1);
    for (int run = 0; run < 200; ++run) {
        AckWindow window;
        std::set<std::uint64_t> unacknowledged;  // as the broker sees it
        std::set<std::uint64_t> open;
        std::uint64_t last = 0;
        for (int step = 0; step < 200; ++step) {
            if (random() % 2 == 0) {
                window.add();
                ++last;
                unacknowledged.insert(last);
                open.insert(last);
            }
            const std::uint64_t tag = random() % (last + 2);
            const bool rejected = random() % 4 == 0;
            const bool was_open = open.erase(tag) == 1;
            REQUIRE((rejected ? window.forget(tag) : window.done(tag)) == was_open);
            if (rejected && was_open) {
                unacknowledged.erase(tag);
            }
            for (std::string acks = random() % 3 == 0 ? due(window) : ""; !acks.empty(); acks.erase(0, 21)) {
                const auto ack = hail::amqp::read_ack(std::string_view(acks).substr(7, 13));
                REQUIRE(unacknowledged.contains(ack.tag));  // otherwise the broker closes the channel
                unacknowledged.erase(ack.multiple ? unacknowledged.begin() : unacknowledged.find(ack.tag),
                                     unacknowledged.upper_bound(ack.tag));
            }
            REQUIRE(std::includes(unacknowledged.begin(), unacknowledged.end(), open.begin(), open.end()));
        }
        due(window);
        REQUIRE(window.open() == open.size());
    }
}
