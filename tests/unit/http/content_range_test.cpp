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

namespace {

std::string fault(const std::string& asked, const std::string& came, const std::string& status = "206 Part") {
    Request request;
    if (!asked.empty()) {
        request.headers = {{"Range", asked}};
    }
    ReplyHead head;
    head.add_line("HTTP/1.1 " + status + "\r\n");
    head.add_line(came + "\r\n");
    return range_fault(request, head).value_or("none");
}

}  // namespace

TEST_CASE("content range: a part that was asked for has no fault") {
    CHECK(fault("bytes=5-9", "Content-Range: bytes 5-9/20") == "none");
    CHECK(fault("bytes=5-9", "Content-Range: bytes 5-7/8") == "none");
    CHECK(fault("bytes=5-", "Content-Range: bytes 5-19/20") == "none");
    CHECK(fault("bytes=-5", "Content-Range: bytes 15-19/20") == "none");
    CHECK(fault("bytes=0-1, 4-5", "Content-Type: multipart/byteranges; boundary=x") == "none");
    CHECK(fault("lines=1-2", "Content-Range: lines 1-2/9") == "none");
    CHECK(fault("", "X-A: b", "200 OK") == "none");
}

TEST_CASE("content range: any other part has one") {
    CHECK(fault("", "Content-Range: bytes 5-9/20") == "no part was asked for");
    CHECK(fault("bytes=5-9", "X-A: b") == "it does not say which part came");
    CHECK(fault("bytes=0-1, 4-5", "X-A: b") == "it does not say which part came");
    CHECK(fault("bytes=5-9", "Content-Range: bytes 5-9") ==
          "its Content-Range is 'bytes 5-9', which is not valid");
    const std::string other = "the part is 'bytes 4-9/20', and 'bytes=5-9' was asked for";
    CHECK(fault("bytes=5-9", "Content-Range: bytes 4-9/20") == other);
    CHECK(fault("bytes=-5", "Content-Range: bytes 10-19/20") != "none");
    CHECK(fault("bytes=5-9", "Content-Range: bytes 5-9/20\r\nContent-Length: 4") != "none");
}
