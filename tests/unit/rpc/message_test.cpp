#include "lib/rpc/message.h"

#include <doctest/doctest.h>

using namespace hail::rpc;

namespace {

std::string sent(std::string_view text, std::uint32_t wire_id = 12) {
    const RequestReading reading = read_request(text);
    REQUIRE(reading.problem.empty());
    std::string out;
    append_request(out, reading.request, wire_id);
    return out;
}

}  // namespace

TEST_CASE("request: a call has version, id, method and params in this order") {
    CHECK(write_request({.method = "add", .params = "[1,2]", .id = "1"}) ==
          R"({"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]})");
}

TEST_CASE("request: a notification has no id, and missing params are left out") {
    CHECK(write_request({.method = "ping", .params = {}, .id = {}}) ==
          R"({"jsonrpc":"2.0","method":"ping"})");
}

TEST_CASE("request: the name of a method is quoted as a JSON string") {
    CHECK(write_request({.method = "a\"b\n", .params = {}, .id = {}}) ==
          R"({"jsonrpc":"2.0","method":"a\"b\n"})");
}

TEST_CASE("request: only the bytes of the id change on the way") {
    CHECK(sent(R"({"jsonrpc":"2.0", "id" : "u-7" ,"method":"m","params":[1.10,  {"id":1}]})") ==
          R"({"jsonrpc":"2.0", "id" : 12 ,"method":"m","params":[1.10,  {"id":1}]})");
}

TEST_CASE("request: a missing version is added at the front") {
    CHECK(sent(R"( { "method":"m","id":null } )") == R"({"jsonrpc":"2.0", "method":"m","id":12 })");
}

TEST_CASE("request: another version is left as the user wrote it") {
    CHECK(sent(R"({"jsonrpc":"1.0","method":"m","id":1})") == R"({"jsonrpc":"1.0","method":"m","id":12})");
}

TEST_CASE("request: a notification is sent unchanged") {
    CHECK(sent(R"({"jsonrpc":"2.0","method":"m"})") == R"({"jsonrpc":"2.0","method":"m"})");
    CHECK(sent(R"({"method":"m"})") == R"({"jsonrpc":"2.0","method":"m"})");
}

TEST_CASE("request: the output has the id of the user") {
    CHECK(read_request(R"({"method":"m","id": 1.50 })").request.id == "1.50");
    CHECK(read_request(R"({"method":"m","\u0069d":5})").request.id == "5");
    CHECK(read_request(R"({"method":"m"})").request.is_notification());
}

TEST_CASE("request: text that is not a request is refused with the reason") {
    const auto problem = [](std::string_view text) { return read_request(text).problem; };
    CHECK(problem("[1]") == "a request must be an object, not an array");
    CHECK(problem("42") == "a request must be an object, not a number");
    CHECK(problem(R"({"id":1})") == "it has no member \"method\"");
    CHECK(problem(R"({"method":1})") == "its \"method\" is not a string");
    CHECK(problem(R"({"method":"m","params":null})").find("params") != std::string::npos);
    CHECK(problem(R"({"method":"m","params":5})").find("params") != std::string::npos);
    CHECK(problem(R"({"method":"m","id":1,"id":2})") == "it has two members named \"id\"");
    CHECK(problem(R"({"method":"m","id":[1]})").find("id") != std::string::npos);
    CHECK(problem(R"({"method":"m","id":true})").find("id") != std::string::npos);
}
