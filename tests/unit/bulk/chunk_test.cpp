#include "lib/bulk/chunk.h"

#include <doctest/doctest.h>

#include <vector>

using namespace hail;
using namespace hail::bulk;

namespace {

Chunk chunk_of(const std::vector<std::string>& requests, std::uint64_t first_index = 0) {
    Chunk chunk(first_index);
    std::uint64_t line = 10;
    for (const std::string& text : requests) {
        const rpc::RequestReading reading = rpc::read_request(text);
        REQUIRE(reading.problem.empty());
        chunk.add(reading.request, line++);
    }
    return chunk;
}

const std::vector<std::string> mixed{R"({"method":"a","id":"x"})", R"({"jsonrpc":"2.0","method":"tell"})",
                                     R"({"jsonrpc":"2.0","method":"b","id":5})"};

std::string body_of(const Chunk& chunk, std::size_t from, std::size_t to, std::uint32_t id) {
    std::string body;
    chunk.append_body(body, from, to, id);
    return body;
}

}  // namespace

TEST_CASE("chunk: calls get consecutive wire ids, notifications none") {
    const Chunk chunk = chunk_of(mixed);
    CHECK(body_of(chunk, 0, 3, 41) ==
          R"([{"jsonrpc":"2.0","method":"a","id":41},{"jsonrpc":"2.0","method":"tell"},)"
          R"({"jsonrpc":"2.0","method":"b","id":42}])");
    CHECK(chunk.calls(0, 3) == 2);
    CHECK(chunk.calls(1, 2) == 0);
}

TEST_CASE("chunk: a single request is not sent as an array") {
    CHECK(body_of(chunk_of(mixed), 2, 3, 7) == R"({"jsonrpc":"2.0","method":"b","id":7})");
}

TEST_CASE("chunk: an answer carries the user's own bytes") {
    Chunk chunk = chunk_of(mixed, 100);
    chunk.settle(0, 3, Outcome::not_sent, "no route");
    const Answer answer = chunk.answer(2);
    CHECK(answer.index == 102);
    CHECK(answer.line == 12);
    CHECK(answer.id == "5");
    CHECK(answer.request == mixed[2]);
    CHECK(answer.why == "no route");
    CHECK(chunk.answer(1).is_notification());
    CHECK(chunk.finished());
}

TEST_CASE("chunk: slots settle calls, and calls without a reply are unknown") {
    Chunk chunk = chunk_of(mixed);
    std::vector<rpc::Slot> slots(2);
    slots[0] = {.state = rpc::Slot::State::result, .duplicated = false, .arrival = 1, .value = "1"};
    chunk.settle(0, 3, slots, "gone");
    CHECK(chunk.answer(0).outcome == Outcome::ok);
    CHECK(chunk.answer(0).value == "1");
    CHECK(chunk.answer(1).outcome == Outcome::ok);
    CHECK(chunk.answer(2).outcome == Outcome::unknown);
    CHECK(chunk.answer(2).why == "gone");
}

TEST_CASE("chunk: a chunk is finished when all its parts are") {
    Chunk chunk = chunk_of(mixed);
    chunk.settle(1, 3, Outcome::refused, "");
    CHECK_FALSE(chunk.finished());
    chunk.settle(0, 1, Outcome::unknown, "");
    CHECK(chunk.finished());
}

TEST_CASE("chunk: answers leave in input order or in the order of the replies") {
    Chunk chunk =
        chunk_of({R"({"method":"a","id":1})", R"({"method":"b","id":2})", R"({"method":"c","id":3})"});
    std::vector<rpc::Slot> slots(3);
    slots[0] = {.state = rpc::Slot::State::result, .duplicated = false, .arrival = 2, .value = "1"};
    slots[2] = {.state = rpc::Slot::State::result, .duplicated = false, .arrival = 1, .value = "3"};
    chunk.settle(0, 3, slots, "");
    CHECK(chunk.positions(Order::input) == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(chunk.positions(Order::done) == std::vector<std::uint32_t>{2, 0, 1});
}
