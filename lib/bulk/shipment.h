// A shipment: records of one chunk that are sent together, once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "lib/base/deadline.h"
#include "lib/bulk/chunk.h"

namespace hail::bulk {

using Chunks = std::list<Chunk>;

// The parts of a shipment that was refused as a whole. If all of them are accepted, its size was the reason.
struct Split {
    std::size_t parts = 0;  // without an answer so far
    std::size_t size = 0;   // of the largest part
    bool refused = false;   // one of the parts was refused too
};

struct Shipment {
    Chunks::iterator chunk;
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<std::uint32_t> picked{};  // these positions instead of [from, to), unless it is empty
    std::uint64_t attempt = 1;
    base::Deadline due{};            // not sent before; never: at once
    base::Deadline last{};           // no attempt begins after it
    std::shared_ptr<Split> split{};  // it is part of

    std::size_t size() const { return picked.empty() ? to - from : picked.size(); }
    std::size_t position(std::size_t place) const { return picked.empty() ? from + place : picked[place]; }
    std::uint64_t index(std::size_t place) const { return chunk->index(position(place)); }
    Record record(std::size_t place) const { return chunk->record(position(place)); }

    // Calls with the first and the last index of each row of neighbours.
    template <typename Function>
    void each_row(const Function& function) const {
        std::size_t begin = 0;
        for (std::size_t place = 1; place <= size(); ++place) {
            if (place == size() || index(place) != index(place - 1) + 1) {
                function(index(begin), index(place - 1));
                begin = place;
            }
        }
    }

    // The records at places [begin, end) of this one.
    Shipment part(std::size_t begin, std::size_t end) const {
        Shipment part{.chunk = chunk, .from = from + begin, .to = from + end, .last = last};
        if (!picked.empty()) {
            part.picked.assign(picked.begin() + static_cast<std::ptrdiff_t>(begin),
                               picked.begin() + static_cast<std::ptrdiff_t>(end));
        }
        return part;
    }
};

}  // namespace hail::bulk
