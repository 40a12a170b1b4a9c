#include "lib/http/date.h"

#include <doctest/doctest.h>

using namespace hail::http;

namespace {

const Time now{std::chrono::seconds(1'790'000'000)};    // in September 2026
const Time example{std::chrono::seconds(784'111'777)};  // the example of RFC 9110

}  // namespace

TEST_CASE("date: all three forms of RFC 9110 are read") {
    CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == example);
    CHECK(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == example);
    CHECK(parse_date("Sun Nov  6 08:49:37 1994", now) == example);
    CHECK(parse_date("Wed Nov 16 08:49:37 1994", now) == example + std::chrono::days(10));
}

TEST_CASE("date: a two-digit year is never more than 50 years ahead") {
    CHECK(parse_date("Sunday, 06-Nov-76 08:49:37 GMT", now) ==
          parse_date("Fri, 06 Nov 2076 08:49:37 GMT", now));
    CHECK(parse_date("Sunday, 06-Nov-77 08:49:37 GMT", now) ==
          parse_date("Sun, 06 Nov 1977 08:49:37 GMT", now));
}

TEST_CASE("date: a date that does not exist is rejected") {
    CHECK_FALSE(parse_date("Sun, 31 Feb 1994 08:49:37 GMT", now));
    CHECK_FALSE(parse_date("Sun, 06 Nov 1994 24:00:00 GMT", now));
    CHECK_FALSE(parse_date("Sun, 06 Nov 1994 08:49:37", now));
    CHECK_FALSE(parse_date("Sun, 06 Nov 1994 08:49:37 GMT ", now));
    CHECK_FALSE(parse_date("06 Nov 1994 08:49:37 GMT", now));
    CHECK_FALSE(parse_date("120", now));
    CHECK_FALSE(parse_date("", now));
}

TEST_CASE("date: a leap second counts as the second before it") {
    CHECK(parse_date("Sat, 31 Dec 2016 23:59:60 GMT", now) ==
          parse_date("Sat, 31 Dec 2016 23:59:59 GMT", now));
}

TEST_CASE("date: cookie dates may have any order and any separators") {
    CHECK(parse_cookie_date("Sun, 06 Nov 1994 08:49:37 GMT") == example);
    CHECK(parse_cookie_date("Sun, 06-Nov-94 08:49:37 GMT") == example);
    CHECK(parse_cookie_date("1994 8:49:37 nov 6") == example);
    CHECK(parse_cookie_date("6 November 1994 08:49:37 +0000") == example);
    CHECK_FALSE(parse_cookie_date("06 Nov 1994"));
    CHECK_FALSE(parse_cookie_date("31 Feb 1994 08:49:37"));
    CHECK_FALSE(parse_cookie_date("06 Nov 1500 08:49:37"));
    CHECK_FALSE(parse_cookie_date(""));
}
