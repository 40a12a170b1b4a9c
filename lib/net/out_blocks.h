// OutBlocks hold bytes that wait to be sent, in blocks that never move.
//
// Shape:   append at the back, send from the front. A byte keeps its address until it is consumed, because a
//          TLS write that would block must be repeated with the same bytes at the same address; and since
//          bytes never move, a slow peer costs no copying. Empty blocks are reused: memory is the pending
//          bytes plus a few blocks.

#pragma once

#include <cstddef>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hail::net {

class OutBlocks {
  public:
    static constexpr std::size_t block_size = 64UL * 1024;

    // Room for size bytes in one piece; nullptr for more than a block. Fill it, then commit() the part used.
    char* reserve(std::size_t size) {
        if (size > block_size) {
            return nullptr;
        }
        if (blocks_.empty() || block_size - blocks_.back().end < size) {
            add_block();
        }
        return blocks_.back().bytes.get() + blocks_.back().end;
    }
    void commit(std::size_t size) {
        blocks_.back().end += size;
        pending_ += size;
    }

    void append(std::string_view bytes);

    // The number of pending bytes, and the oldest of them, as far as they lie in one piece.
    std::size_t pending() const { return pending_; }
    std::string_view front() const;
    void consume(std::size_t size);

    std::string text() const;  // all pending bytes, for those who only show them

    // The number of bytes ever appended or committed, and how many of them were consumed.
    std::size_t total() const { return consumed_ + pending_; }
    std::size_t consumed() const { return consumed_; }

  private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    void add_block();

    std::deque<Block> blocks_;
    std::vector<std::unique_ptr<char[]>> spare_;
    std::size_t pending_ = 0;
    std::size_t consumed_ = 0;
};

}  // namespace hail::net
