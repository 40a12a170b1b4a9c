#include "lib/bulk/output_window.h"

#include <iterator>
#include <utility>

namespace hail::bulk {

namespace {

constexpr std::size_t most_held_bytes = 12 * 1024 * 1024;

}  // namespace

bool OutputWindow::has_room(std::size_t in_flight) const {
    return chunks_.size() < most_chunks_ && (held_bytes_ < most_held_bytes || in_flight == 0);
}

Chunks::iterator OutputWindow::add(Chunk chunk) {
    held_bytes_ += chunk.held_bytes();
    return chunks_.insert(chunks_.end(), std::move(chunk));
}

std::string_view OutputWindow::keep(Chunk& chunk, std::string text) {
    held_bytes_ += text.size();
    return chunk.keep(std::move(text));
}

void OutputWindow::finish(Chunks::iterator chunk) {
    if (!chunk->finished()) {
        return;
    }
    if (order_ == Order::done) {
        emit(*chunk);
        chunks_.erase(chunk);
        return;
    }
    while (!chunks_.empty() && chunks_.front().finished()) {
        emit(chunks_.front());
        chunks_.pop_front();
    }
}

void OutputWindow::emit(const Chunk& chunk) {
    for (const std::uint32_t position : chunk.positions(order_)) {
        const Answer answer = chunk.answer(position);
        ++counts_[static_cast<std::size_t>(answer.outcome)];
        left_ += answer.left ? 1U : 0U;
        sink_.take(answer);
    }
    held_bytes_ -= chunk.held_bytes();
}

}  // namespace hail::bulk
