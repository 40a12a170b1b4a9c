#include "lib/amqp/confirm_window.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "lib/base/error.h"

using hail::amqp::Ack;
using hail::amqp::ConfirmWindow;
using hail::base::Error;
using Verdict = hail::amqp::ConfirmWindow::Verdict;

namespace {

class Window : public ConfirmWindow {
  public:
    void send(std::uint64_t number, std::size_t fingerprint = 0, std::uint64_t size = 1) {
        add({.number = number, .begin = 0, .fingerprint = fingerprint, .size = size});
    }
    // "+7" for an accepted message, "-7" for a refused one, "<7" for one that came back.
    std::string answer(const Ack& ack, Verdict verdict = Verdict::accepted) {
        std::string text;
        answered(ack, verdict, [&](const Answer& answer) {
            text += (answer.returned != nullptr ? "<" : answer.refused ? "-" : "+");
            text += std::to_string(answer.number);
        });
        return text;
    }
};

Window window_of(std::uint64_t count) {
    Window window;
    for (std::uint64_t i = 1; i <= count; ++i) {
        window.send(100 + i);
    }
    return window;
}

}  // namespace

TEST_CASE("amqp confirms: they may come in any order, one by one or together") {
    Window window = window_of(12);
    std::string text;
    for (const std::uint64_t tag : {1U, 3U, 6U, 9U, 12U, 5U, 11U, 4U, 7U, 10U}) {
        text += window.answer({tag, false});
    }
    CHECK(text == "+101+103+106+109+112+105+111+104+107+110");
    CHECK(window.answer({8, true}) == "+102+108");
    CHECK(window.in_flight() == 0);
}

TEST_CASE("amqp confirms: a nack refuses, also several at once") {
    Window window = window_of(4);
    CHECK(window.answer({3, true}, Verdict::refused) == "-101-102-103");
    CHECK(window.answer({4, false}) == "+104");
}

TEST_CASE("amqp confirms: answers to nothing are refused") {
    Window window = window_of(3);
    CHECK_THROWS_WITH_AS(window.answer({0, false}), "the broker answered message 0, which was not sent",
                         Error);
    CHECK_THROWS_AS(window.answer({0, true}), Error);
    CHECK_THROWS_WITH_AS(window.answer({4, true}), "the broker answered message 4, which was not sent",
                         Error);
    CHECK_THROWS_AS(window.answer({~0ULL, true}), Error);
    CHECK(window.answer({2, false}) == "+102");
    CHECK_THROWS_WITH_AS(window.answer({2, false}),
                         "the broker answered message 2, which it had answered before", Error);
    CHECK(window.answer({3, true}) == "+101+103");
    CHECK_THROWS_AS(window.answer({3, true}), Error);
    CHECK_THROWS_AS(window.answer({1, false}), Error);
    CHECK(window.in_flight() == 0);
}

TEST_CASE("amqp confirms: a message that came back is the next answered one of its fingerprint and size") {
    Window window;
    window.send(1, 7);
    window.send(2, 8);
    window.send(3, 8);
    window.send(4, 8, 99);
    window.returned(8, 99, "no queue");
    CHECK(window.answer({1, false}) == "+1");
    CHECK(window.answer({4, true}) == "+2+3<4");
}

TEST_CASE("amqp confirms: more returns than messages are refused") {
    Window window = window_of(1);
    window.returned(0, 1, "x");
    CHECK_THROWS_WITH_AS(window.returned(0, 1, "x"), "the broker returned a message that was not sent",
                         Error);
    Window other = window_of(1);
    other.returned(5, 5, "x");
    CHECK_THROWS_AS(other.answer({1, false}), Error);
}

TEST_CASE("amqp confirms: whatever the order, every message is answered once") {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        Window window;
        std::uint64_t sent = 0;
        std::multiset<std::string> answered;
        std::set<std::uint64_t> open;
        while (sent < 60 || !open.empty()) {
            if (sent < 60 && random() % 2 == 0) {
                window.send(++sent);
                open.insert(sent);
            } else if (!open.empty()) {
                const std::uint64_t tag = *std::next(open.begin(), static_cast<long>(random() % open.size()));
                const bool multiple = random() % 4 == 0;
                window.answered({tag, multiple}, Verdict::accepted, [&](const ConfirmWindow::Answer& answer) {
                    answered.insert(std::to_string(answer.number));
                    REQUIRE(open.erase(answer.number) == 1);
                });
            }
            REQUIRE(window.in_flight() == open.size());
        }
        REQUIRE(answered.size() == 60);
    }
}
