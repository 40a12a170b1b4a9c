#include "lib/net/out_blocks.h"

#include <algorithm>

namespace hail::net {

namespace {
constexpr std::size_t most_spare = 8;
}

void OutBlocks::add_block() {
    Block block;
    if (spare_.empty()) {
        // Not make_unique, which would clear bytes that are about to be overwritten.
        block.bytes = std::unique_ptr<char[]>(new char[block_size]);
    } else {
        block.bytes = std::move(spare_.back());
        spare_.pop_back();
    }
    blocks_.push_back(std::move(block));
}

void OutBlocks::append(std::string_view bytes) {
    while (!bytes.empty()) {
        char* const room = reserve(1);
        const std::size_t size = std::min(bytes.size(), block_size - blocks_.back().end);
        std::memcpy(room, bytes.data(), size);
        commit(size);
        bytes.remove_prefix(size);
    }
}

std::string_view OutBlocks::front() const {
    for (const Block& block : blocks_) {
        if (block.end > block.begin) {
            return {block.bytes.get() + block.begin, block.end - block.begin};
        }
    }
    return {};
}

std::string OutBlocks::text() const {
    std::string text;
    text.reserve(pending_);
    for (const Block& block : blocks_) {
        text.append(block.bytes.get() + block.begin, block.end - block.begin);
    }
    return text;
}

void OutBlocks::consume(std::size_t size) {
    pending_ -= size;
    consumed_ += size;
    while (!blocks_.empty()) {
        Block& first = blocks_.front();
        const std::size_t part = std::min(size, first.end - first.begin);
        first.begin += part;
        size -= part;
        if (first.begin < first.end) {
            return;
        }
        if (blocks_.size() == 1) {
            first.begin = first.end = 0;  // the last one stays, to be filled again
            return;
        }
        if (spare_.size() < most_spare) {
            spare_.push_back(std::move(first.bytes));
        }
        blocks_.pop_front();
    }
}

}  // namespace hail::net
