// The window of chunks that have been read but have not left yet. Each item leaves once, with its outcome
// and counted, in input order or as soon as its chunk is finished.
//
// Shape:   has_room() bounds the chunks and their bytes; a chunk's iterator is valid until finish() was
// called
//          after its last item was settled.
// Throws:  whatever the sink throws.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/bulk/shipment.h"
#include "lib/bulk/summary.h"

namespace hail::bulk {

class OutputWindow {
  public:
    OutputWindow(Sink& sink, Order order, std::size_t most_chunks)
        : sink_(sink), order_(order), most_chunks_(most_chunks) {}

    // Whether another chunk may be read. Too many bytes stop the reading only while something is in flight;
    // otherwise nothing would ever resume it.
    bool has_room(std::size_t in_flight) const;

    // An empty chunk, with the memory of one that has left.
    Chunk spare();
    Chunks::iterator add(Chunk chunk);

    // Keeps a text alive as long as the chunk, and returns it.
    std::string_view keep(Chunk& chunk, std::string text);

    // Shows what may leave now: the chunk if all its items are settled, and those that waited for it.
    void finish(Chunks::iterator chunk);

    // The items with this outcome that have left so far.
    std::uint64_t count(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
    std::uint64_t left() const { return left_; }

  private:
    void emit(const Chunk& chunk);
    void emit(const Answer& answer);
    void remove(Chunks::iterator chunk);

    Sink& sink_;
    Order order_;
    std::size_t most_chunks_;
    std::size_t held_bytes_ = 0;
    Chunks chunks_;  // in input order, from the first that has not left yet
    std::vector<Chunk> spare_;
    std::array<std::uint64_t, outcome_count> counts_{};
    std::uint64_t left_ = 0;
};

}  // namespace hail::bulk
