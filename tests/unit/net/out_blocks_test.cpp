#include "lib/net/out_blocks.h"

#include <doctest/doctest.h>

#include <string>

using hail::net::OutBlocks;

TEST_CASE("out blocks: bytes come out as they went in, across block boundaries") {
    OutBlocks out;
    std::string all;
    for (int i = 0; i < 40'000; ++i) {
        const std::string piece = std::to_string(i) + ",";
        out.append(piece);
        all += piece;
    }
    CHECK(out.pending() == all.size());
    CHECK(out.text() == all);
    std::string got;
    while (out.pending() > 0) {
        const auto front = out.front().substr(0, 1000);
        got += front;
        out.consume(front.size());
    }
    CHECK(got == all);
    CHECK(out.consumed() == all.size());
}

TEST_CASE("out blocks: a byte keeps its address until it is consumed") {
    OutBlocks out;
    out.append("first");
    const char* const address = out.front().data();
    out.append(std::string(5 * OutBlocks::block_size, 'x'));
    CHECK(out.front().data() == address);
    CHECK(out.front().starts_with("first"));
    out.consume(2);
    CHECK(out.text().starts_with("rstx"));
}

TEST_CASE("out blocks: a reserved piece is contiguous, and refused above the block size") {
    OutBlocks out;
    CHECK(out.reserve(OutBlocks::block_size + 1) == nullptr);
    out.append(std::string(OutBlocks::block_size - 1, 'a'));
    char* const room = out.reserve(2);
    room[0] = 'b';
    room[1] = 'c';
    out.commit(2);
    out.consume(OutBlocks::block_size - 1);
    CHECK(out.front() == "bc");
}
