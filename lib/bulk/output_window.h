// The window of chunks that have been read but have not left yet. Each item leaves once, with its outcome
// and counted, in input order or as soon as its chunk is finished.
//
// Shape:   has_room() bounds the chunks and their bytes; a chunk's iterator is valid until its last item is
//          settled.
// Throws:  whatever the sink throws.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/bulk/post_slot.h"
#include "lib/bulk/run.h"

namespace hail::bulk {

class OutputWindow {
  public:
    OutputWindow(Sink& sink, Order order, std::size_t most_chunks)
        : sink_(sink), order_(order), most_chunks_(most_chunks) {}

    // Whether another chunk may be read. Too many bytes stop the reading only while something is in flight;
    // otherwise nothing would ever resume it.
    bool has_room(std::size_t in_flight) const;

    Chunks::iterator add(Chunk chunk);

    // Keeps a text alive as long as the chunk, and returns it.
    std::string_view keep(Chunk& chunk, std::string text);

    // Settles every item of this range in the same way.
    void settle(const Range& range, Outcome outcome, const std::string& why);

    // Settles each call of this range by its slot, as Chunk::settle() does.
    void settle(const Range& range, std::span<const rpc::Slot> slots, const std::string& missing_why);

    // Adds the outcomes of the items that have left so far.
    void add_counts(Summary& summary) const;

  private:
    void emit_finished(Chunks::iterator chunk);
    void emit(const Chunk& chunk);

    Sink& sink_;
    Order order_;
    std::size_t most_chunks_;
    std::size_t held_bytes_ = 0;
    Chunks chunks_;  // in input order, from the first that has not left yet
    std::array<std::uint64_t, outcome_count> counts_{};
};

}  // namespace hail::bulk
