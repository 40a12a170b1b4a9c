#include "lib/http/validator.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hail::http;

namespace {

std::string validator(const std::vector<std::string>& lines) {
    ReplyHead head;
    head.add_line("HTTP/1.1 200 OK\r\n");
    for (const auto& line : lines) {
        head.add_line(line + "\r\n");
    }
    const Time now{std::chrono::seconds(800'000'000)};
    return strong_validator(head, now);
}

const std::string modified = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT";

}  // namespace

TEST_CASE("validator: a strong tag takes precedence over a date") {
    CHECK(validator({"ETag: \"a\"", modified, "Date: Sun, 06 Nov 1994 09:00:00 GMT"}) == "\"a\"");
    CHECK(validator({"ETag: W/\"a\""}).empty());
    CHECK(validator({"ETag: a"}).empty());
    CHECK(validator({}).empty());
}

TEST_CASE("validator: a date is strong one second later, and not before") {
    const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
    CHECK(validator({modified, "Date: Sun, 06 Nov 1994 08:49:38 GMT"}) == date);
    CHECK(validator({"ETag: W/\"a\"", modified, "Date: Mon, 07 Nov 1994 08:49:37 GMT"}) == date);
    CHECK(validator({modified, "Date: Sun, 06 Nov 1994 08:49:37 GMT"}).empty());
    CHECK(validator({modified, "Date: Sun, 06 Nov 1994 08:49:36 GMT"}).empty());
    CHECK(validator({modified}).empty());
    CHECK(validator({modified, "Date: soon"}).empty());
    CHECK(validator({"Last-Modified: yesterday", "Date: Sun, 06 Nov 1994 08:49:38 GMT"}).empty());
}
