#include "lib/http/content_range.h"

#include <doctest/doctest.h>

using namespace hail::http;

TEST_CASE("content range: first, last and total are read") {
    CHECK(parse_content_range("bytes 5-9/10") == ContentRange{ContentRange::Span{5, 9}, 10});
    CHECK(parse_content_range("Bytes 0-0/*") == ContentRange{ContentRange::Span{0, 0}, {}});
    CHECK(parse_content_range("bytes */10") == ContentRange{{}, 10});
}

TEST_CASE("content range: a value that contradicts itself is rejected") {
    for (const char* value : {"", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes */*",
                              "bytes -5/10", "bytes 5-/10", "bytes=5-9/10", "items 5-9/10", "bytes 5-9/10x",
                              "bytes 5 - 9/10", "bytes 0-18446744073709551616/*"}) {
        CAPTURE(value);
        CHECK_FALSE(parse_content_range(value));
    }
}
