#include "lib/bulk/chunk.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/bulk/records.h"

using namespace hail::bulk;

namespace {

Chunk chunk_of(const std::vector<std::string>& texts, std::uint64_t first_index = 0) {
    Chunk chunk;
    for (const std::string& text : texts) {
        chunk.add(record_of(text, 10 + chunk.size()), first_index + chunk.size());
    }
    return chunk;
}

}  // namespace

TEST_CASE("chunk: an answer carries the user's own bytes") {
    Chunk chunk = chunk_of({"a (x)", "tell", "b (5)"}, 100);
    for (std::size_t position = 0; position < 3; ++position) {
        CHECK_FALSE(chunk.finished());
        chunk.settle(position, {.outcome = Outcome::not_sent, .why = "no route"});
    }
    const Answer answer = chunk.answer(2);
    CHECK(answer.index == 102);
    CHECK(answer.line == 12);
    CHECK(answer.id == "(5)");
    CHECK(answer.request == "b (5)");
    CHECK(answer.why == "no route");
    CHECK(chunk.answer(1).is_notification());
    CHECK(chunk.finished());
}

TEST_CASE("chunk: a record with a fault is settled at once") {
    Chunk chunk = chunk_of({"a (1)"});
    chunk.add({.text = "???", .fault = "line 2: it is not valid", .line = 2}, 1);
    CHECK(chunk.open() == 1);
    CHECK(chunk.is_open(0));
    CHECK(chunk.answer(1).outcome == Outcome::not_sent);
    CHECK(chunk.answer(1).why == "line 2: it is not valid");
    CHECK(chunk.answer(1).request == "???");
}

TEST_CASE("chunk: answers leave in input order or in the order of the replies") {
    Chunk chunk = chunk_of({"a (1)", "b (2)", "c (3)", "d (4)"});
    chunk.settle(0, {.outcome = Outcome::ok, .arrival = 2});
    chunk.settle(2, {.outcome = Outcome::ok, .arrival = 1});
    chunk.pass_arrivals(2);
    chunk.settle(1, {.outcome = Outcome::unknown});
    chunk.settle(3, {.outcome = Outcome::ok, .arrival = 1});
    CHECK(chunk.positions(Order::input) == std::vector<std::uint32_t>{0, 1, 2, 3});
    CHECK(chunk.positions(Order::done) == std::vector<std::uint32_t>{2, 0, 3, 1});
}
