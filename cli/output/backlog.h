// The messages that were received and are not written yet, because the reader of the output is slow.
//
// Shape:   a queue of records as bytes: add() at the back, front() and consume() at the front, in pieces of
//          any size. Up to `most` bytes lie in memory; after that the overflow policy decides. spool: the
//          rest goes to a temporary file without a name. drop_oldest: whole records are dropped from the
//          front, and counted; one that is partly written stays. stop: add() throws.
// Throws:  Error(output_failed) if the temporary file cannot be written or read; Error(unknown) for stop.
// Source:  open(2), O_TMPFILE.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/owned.h"
#include "lib/net/out_blocks.h"

namespace hail::cli::output {

enum class Overflow { spool, drop_oldest, stop };

class Backlog {
  public:
    // `folder` is that of the temporary file.
    Backlog(std::size_t most, Overflow overflow, std::string folder)
        : most_(std::max<std::size_t>(most, 1)), overflow_(overflow), folder_(std::move(folder)) {}

    void add(std::string_view record);

    bool empty() const { return memory_.pending() == 0 && cut_.empty(); }
    std::size_t in_memory() const { return memory_.pending() + cut_.size(); }
    bool full() const { return in_memory() >= most_; }

    // The oldest bytes, as far as they lie in one piece; empty only if the queue is.
    std::string_view front() const { return cut_.empty() ? memory_.front() : std::string_view(cut_); }
    void consume(std::size_t size);

    std::uint64_t dropped() const { return dropped_; }
    bool drops() const { return overflow_ == Overflow::drop_oldest; }

  private:
    void drop_for(std::size_t size);
    void spool(std::string_view record);
    void refill();

    std::size_t most_;
    Overflow overflow_;
    std::string folder_;
    net::OutBlocks memory_;
    std::string cut_;  // the rest of a record that is partly written, while later ones are dropped
    std::deque<std::size_t>
        ends_;  // of the records in memory, counted from the first byte ever; to drop them
    std::size_t begin_ =
        0;  // of the first record in memory, which is partly written if it is consumed further
    std::uint64_t dropped_ = 0;
    base::Descriptor file_;
    std::uint64_t written_ = 0;  // bytes in the file, and how many of them were read back
    std::uint64_t read_ = 0;
};

}  // namespace hail::cli::output
