// One POST of a bulk run, which carries a range of a chunk.

#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/deadline.h"
#include "lib/bulk/chunk.h"
#include "lib/http/body_collector.h"
#include "lib/http/engine.h"

namespace hail::bulk {

using Chunks = std::list<Chunk>;

// Items to send: [from, to) of a chunk.
struct Range {
    Chunks::iterator chunk;
    std::size_t from = 0;
    std::size_t to = 0;
    std::uint64_t attempt = 1;
    std::optional<base::Deadline> due;  // not sent before; empty: at once
    base::Deadline last{};              // no attempt begins after it

    std::size_t size() const { return to - from; }
};

// Reused from one exchange to the next, and with it the memory of the body.
struct PostSlot {
    PostSlot(const http::Request& model, std::size_t most_reply, std::size_t tag);

    void load(const Range& next_range, std::uint32_t next_wire_id);

    Range range;
    std::uint32_t first_wire_id = 1;
    std::size_t calls = 0;  // among the items; the others are notifications
    bool in_flight = false;
    http::Request request;
    http::BodyCollector collector;
    http::Job job;
};

}  // namespace hail::bulk
