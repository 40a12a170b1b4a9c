#include "lib/bulk/output_window.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/bulk/records.h"

using namespace hail::bulk;

namespace {

struct Indices : Sink {
    void take(const Answer& answer) override { taken.push_back(answer.index); }
    void pause() override {}

    std::vector<std::uint64_t> taken;
};

Chunk chunk_of_one(std::uint64_t index, std::size_t bytes = 1) {
    Chunk chunk;
    chunk.add(record_of(std::string(bytes, 'x')), index);
    return chunk;
}

void settle(OutputWindow& window, Chunks::iterator chunk, Outcome outcome) {
    chunk->settle(0, {.outcome = outcome});
    window.finish(chunk);
}

}  // namespace

TEST_CASE("output window: a chunk waits for the chunks that were read before it") {
    Indices sink;
    OutputWindow window(sink, Order::input, 10);
    const auto first = window.add(chunk_of_one(0));
    const auto second = window.add(chunk_of_one(1));
    settle(window, second, Outcome::ok);
    CHECK(sink.taken.empty());
    settle(window, first, Outcome::unknown);
    CHECK(sink.taken == std::vector<std::uint64_t>{0, 1});
    CHECK(window.count(Outcome::ok) == 1);
    CHECK(window.count(Outcome::unknown) == 1);
}

TEST_CASE("output window: in the order of the replies a chunk leaves at once") {
    Indices sink;
    OutputWindow window(sink, Order::done, 10);
    window.add(chunk_of_one(0));
    settle(window, window.add(chunk_of_one(1)), Outcome::ok);
    CHECK(sink.taken == std::vector<std::uint64_t>{1});
}

TEST_CASE("output window: chunks fill it up to a limit, and one that leaves makes room") {
    Indices sink;
    OutputWindow window(sink, Order::input, 2);
    const auto first = window.add(chunk_of_one(0));
    CHECK(window.has_room(1));
    window.add(chunk_of_one(1));
    CHECK_FALSE(window.has_room(1));
    settle(window, first, Outcome::ok);
    CHECK(window.has_room(1));
}

TEST_CASE("output window: bytes fill it up to a limit while something is in flight") {
    Indices sink;
    OutputWindow window(sink, Order::input, 10);
    window.add(chunk_of_one(0, 16 * 1024 * 1024));
    CHECK_FALSE(window.has_room(1));
    CHECK(window.has_room(0));
}
