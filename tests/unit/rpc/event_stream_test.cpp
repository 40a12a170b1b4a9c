#include "lib/rpc/event_stream.h"

#include <doctest/doctest.h>

using namespace hail::rpc;

TEST_CASE("event replies: data lines of one event are joined, other fields are dropped") {
    const auto data =
        event_data(": hello\nid: 4\nevent: message\ndata: {\ndata:}\n\ndata: 2\n\n\nevent: none\n\n");
    REQUIRE(data.size() == 2);
    CHECK(data[0] == "{\n}");
    CHECK(data[1] == "2");
}

TEST_CASE("event replies: lines may end in CR or CRLF, and the last event needs no empty line") {
    const auto data = event_data("data: 1\r\n\r\ndata: 2\r\rdata: 3");
    REQUIRE(data.size() == 3);
    CHECK(data[0] == "1");
    CHECK(data[2] == "3");
}

TEST_CASE("event replies: replies become one array, other messages are passed on") {
    std::vector<std::string> others;
    const std::string array =
        replies_as_array({R"({"id":1,"result":1})", R"({"method":"log"})", R"({"id":2,"result":2})"}, others);
    CHECK(array == R"([{"id":1,"result":1},{"id":2,"result":2}])");
    REQUIRE(others.size() == 1);
}
