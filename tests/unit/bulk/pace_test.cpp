#include <doctest/doctest.h>

#include "lib/bulk/latency.h"
#include "lib/bulk/pacer.h"
#include "lib/bulk/size_cap.h"
#include "lib/bulk/trust.h"

using namespace hail::bulk;
using hail::base::Milliseconds;
using Peer = Verdict::Peer;

TEST_CASE("pacer: without a rate nothing is held back") {
    Pacer pacer(0, false, 20);
    pacer.take(1'000'000);
    CHECK_FALSE(pacer.wait_for(20));
}

TEST_CASE("pacer: a burst passes at once, and then the rate holds") {
    Pacer pacer(100, false, 20);
    CHECK_FALSE(pacer.wait_for(20));
    pacer.take(20);
    const auto until = pacer.wait_for(20);
    REQUIRE(until);
    CHECK(until->poll_milliseconds() > 100);
    CHECK(until->poll_milliseconds() <= 200);
}

TEST_CASE("pacer: refusals at the same time count once, and pauses are those that are asked for") {
    Pacer pacer(0, false, 20);
    CHECK(pacer.refused(Milliseconds(30'000), 0));
    CHECK(pacer.refused(Milliseconds(10'000), 0));
    const auto until = pacer.wait_for(1);
    REQUIRE(until);
    CHECK(until->poll_milliseconds() > 20'000);
    CHECK_FALSE(pacer.refused(Milliseconds(61'000), 0));
}

TEST_CASE("pacer: an adaptive rate begins with half of what the peer accepted, and is halved again") {
    Pacer pacer(0, true, 20);
    pacer.accepted(1);
    pacer.accepted(100'000'000);
    CHECK(pacer.refused(Milliseconds(0), 0));
    const double first = pacer.rate();
    CHECK(first > 1);
    CHECK(pacer.refused(Milliseconds(0), 0));
    CHECK(pacer.rate() == doctest::Approx(first / 2));
}

TEST_CASE("size cap: a size that was accepted often enough is tried upward, ever more rarely in vain") {
    SizeCap cap(100);
    cap.lower(30);
    CHECK(cap.limit() == 30);
    for (int i = 0; i < 100; ++i) {
        CHECK(cap.limit() == 30);
        cap.accepted(30);
    }
    CHECK(cap.limit() == 60);
    cap.lower(30);
    for (int i = 0; i < 399; ++i) {
        cap.accepted(30);
    }
    CHECK(cap.limit() == 30);
    cap.accepted(30);
    CHECK(cap.limit() == 60);
}

TEST_CASE("size cap: smaller shipments say nothing, and the user's limit holds") {
    SizeCap cap(40);
    cap.lower(30);
    for (int i = 0; i < 1'000; ++i) {
        cap.accepted(29);
    }
    CHECK(cap.limit() == 30);
    for (int i = 0; i < 100; ++i) {
        cap.accepted(30);
    }
    CHECK(cap.limit() == 40);
    CHECK_FALSE(cap.learnt());
}

TEST_CASE("trust: a peer of another kind is given up at once, unless it has worked") {
    Trust trust(4);
    CHECK(trust.is_cautious());
    CHECK(trust.survives(Peer::unclear));
    CHECK_FALSE(Trust(4).survives(Peer::strange));
    CHECK(trust.survives(Peer::works));
    CHECK_FALSE(trust.is_cautious());
    for (int i = 0; i < 13; ++i) {
        CHECK(trust.survives(Peer::strange));
    }
    CHECK(trust.is_cautious());
    CHECK_FALSE(trust.survives(Peer::silent));
}

TEST_CASE("latency: a percentile is at most an eighth too high") {
    Latency latency;
    CHECK(latency.percentile(0.5).count() == 0);
    for (int i = 1; i <= 1000; ++i) {
        latency.add(std::chrono::microseconds(i));
    }
    CHECK(latency.percentile(0.5).count() >= 500);
    CHECK(latency.percentile(0.5).count() <= 563);
    CHECK(latency.percentile(1).count() >= 1000);
    latency.add(std::chrono::microseconds(-5));
    latency.add(std::chrono::microseconds(INT64_MAX));
    CHECK(latency.percentile(0).count() == 0);
    CHECK(latency.percentile(1).count() > 1'000'000);
}
