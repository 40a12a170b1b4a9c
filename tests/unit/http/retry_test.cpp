#include "lib/http/retry.h"

#include <doctest/doctest.h>

using namespace hail;
using base::Exit;
using base::Milliseconds;
using http::Attempt;
using http::retry_delay;
using http::Sent;
using std::nullopt;

namespace {

const http::Time now{std::chrono::seconds(784'111'777)};  // Sun, 06 Nov 1994 08:49:37 GMT

bool again(std::string_view method, const Attempt& attempt) {
    return retry_delay({.retries = 3, .most = {}}, method, attempt, 0).has_value();
}

Attempt status(int code) {
    return {.failure = {}, .status = code, .retry_after = {}};
}

Attempt failure(Exit exit, Sent sent) {
    return {.failure = exit, .sent = sent, .retry_after = {}};
}

}  // namespace

TEST_CASE("retry: transient statuses are retried, others are not") {
    for (const int code : {408, 429, 502, 503, 504}) {
        CHECK(again("GET", status(code)));
    }
    for (const int code : {200, 302, 400, 404, 500, 501}) {
        CHECK_FALSE(again("GET", status(code)));
    }
}

TEST_CASE("retry: a request that must not run twice is retried only if nothing was sent") {
    for (const char* method : {"POST", "PATCH", "PURGE", "get"}) {
        CAPTURE(method);
        CHECK_FALSE(again(method, status(503)));
        CHECK_FALSE(again(method, failure(Exit::unknown, Sent::wholly)));
        CHECK_FALSE(again(method, failure(Exit::unknown, Sent::partly)));
        CHECK(again(method, failure(Exit::unreachable, Sent::nothing)));
        CHECK(again(method, failure(Exit::timed_out, Sent::nothing)));
    }
}

TEST_CASE("retry: an idempotency key allows retries of any method") {
    const http::RetryOptions keyed{.retries = 1, .most = {}, .keyed = true};
    CHECK(retry_delay(keyed, "POST", status(503), 0));
    CHECK(retry_delay(keyed, "POST", failure(Exit::unknown, Sent::wholly), 0));
}

TEST_CASE("retry: a reply that had begun is not requested again") {
    Attempt cut = failure(Exit::unknown, Sent::wholly);
    CHECK(again("GET", cut));
    cut.status = 200;
    CHECK_FALSE(again("GET", cut));
    CHECK_FALSE(again("GET", failure(Exit::bad_reply, Sent::wholly)));
    CHECK_FALSE(again("GET", failure(Exit::interrupted, Sent::nothing)));
}

TEST_CASE("retry: N means N more attempts") {
    Attempt attempt = status(503);
    attempt.number = 3;
    CHECK(again("GET", attempt));
    attempt.number = 4;
    CHECK_FALSE(again("GET", attempt));
    CHECK_FALSE(retry_delay({}, "GET", status(503), 0));
}

TEST_CASE("retry: the delay doubles from 1 s to 30 s, half of it at random") {
    const http::RetryOptions options{.retries = 100, .most = {}};
    Attempt attempt = status(503);
    const int longest[]{1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
    for (const int most : longest) {
        CHECK(retry_delay(options, "GET", attempt, 0) == Milliseconds(most / 2));
        CHECK(retry_delay(options, "GET", attempt, static_cast<std::uint32_t>(most / 2)) ==
              Milliseconds(most));
        CHECK(*retry_delay(options, "GET", attempt, 0xFFFFFFFF) <= Milliseconds(most));
        ++attempt.number;
    }
}

TEST_CASE("retry: Retry-After makes the wait longer, never shorter") {
    Attempt attempt = status(429);
    attempt.retry_after = Milliseconds(7000);
    CHECK(retry_delay({.retries = 1, .most = {}}, "GET", attempt, 0) == Milliseconds(7000));
    attempt.retry_after = Milliseconds(0);
    CHECK(retry_delay({.retries = 1, .most = {}}, "GET", attempt, 0) == Milliseconds(500));
}

TEST_CASE("retry: a wait that would end too late is not started") {
    Attempt attempt = status(503);
    attempt.elapsed = Milliseconds(9000);
    attempt.retry_after = Milliseconds(1000);
    CHECK(retry_delay({.retries = 1, .most = Milliseconds(10'000)}, "GET", attempt, 0));
    attempt.retry_after = Milliseconds(1001);
    CHECK_FALSE(retry_delay({.retries = 1, .most = Milliseconds(10'000)}, "GET", attempt, 0));
    attempt.retry_after = Milliseconds(601'000);
    CHECK_FALSE(retry_delay({.retries = 1, .most = {}}, "GET", attempt, 0));
    CHECK(retry_delay({.retries = 1, .most = Milliseconds(700'000)}, "GET", attempt, 0));
}

TEST_CASE("retry: Retry-After is seconds or a date") {
    CHECK(http::parse_retry_after("120", now) == Milliseconds(120'000));
    CHECK(http::parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", now) == Milliseconds(23'000));
    CHECK(http::parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == Milliseconds(0));
    CHECK(http::parse_retry_after("18446744073709551615", now) == Milliseconds(1'000'000'000'000));
    CHECK(http::parse_retry_after("999999999999999999999", now) == Milliseconds(1'000'000'000'000));
    CHECK(http::parse_retry_after("", now) == nullopt);
    CHECK(http::parse_retry_after("-1", now) == nullopt);
    CHECK(http::parse_retry_after("1.5", now) == nullopt);
    CHECK(http::parse_retry_after("soon", now) == nullopt);
}

TEST_CASE("retry: a busy server is retried more often, and after exactly the time it asks for") {
    const http::RetryOptions patient{.retries = 0, .waits = 2, .most = {}};
    Attempt busy = status(429);
    busy.retry_after = Milliseconds(0);
    CHECK(retry_delay(patient, "GET", busy, 0) == Milliseconds(0));
    busy.number = 3;
    CHECK_FALSE(retry_delay(patient, "GET", busy, 0));
    CHECK(retry_delay({.retries = 3, .waits = 2, .most = {}}, "GET", busy, 0));
    CHECK(retry_delay(patient, "GET", status(429), 0) == Milliseconds(500));
    CHECK_FALSE(retry_delay(patient, "GET", status(503), 0));
    CHECK_FALSE(retry_delay(patient, "POST", status(429), 0));
}

TEST_CASE("retry: any method is retried if 429 proves that nothing was executed") {
    const http::RetryOptions trusting{.retries = 1, .most = {}, .refusals = true};
    CHECK(retry_delay(trusting, "POST", status(429), 0));
    CHECK_FALSE(retry_delay(trusting, "POST", status(503), 0));
}
