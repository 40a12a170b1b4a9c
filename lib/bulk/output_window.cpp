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
        remove(chunk);
        return;
    }
    while (!chunks_.empty() && chunks_.front().finished()) {
        emit(chunks_.front());
        remove(chunks_.begin());
    }
}

void OutputWindow::emit(const Chunk& chunk) {
    if (order_ == Order::input) {
        for (std::size_t position = 0; position < chunk.size(); ++position) {
            emit(chunk.answer(position));
        }
    } else {
        for (const std::uint32_t position : chunk.positions(order_)) {
            emit(chunk.answer(position));
        }
    }
    held_bytes_ -= chunk.held_bytes();
}

void OutputWindow::emit(const Answer& answer) {
    ++counts_[static_cast<std::size_t>(answer.outcome)];
    left_ += answer.left ? 1U : 0U;
    sink_.take(answer);
}

// The memory of small chunks is kept: a new one for each costs more than the rest of its way.
void OutputWindow::remove(Chunks::iterator chunk) {
    constexpr std::size_t small = 4096;
    if (chunk->bytes() <= small && spare_.size() < most_chunks_) {
        spare_.push_back(std::move(*chunk));
        spare_.back().clear();
    }
    chunks_.erase(chunk);
}

Chunk OutputWindow::spare() {
    Chunk chunk;
    if (!spare_.empty()) {
        chunk = std::move(spare_.back());
        spare_.pop_back();
    }
    return chunk;
}

}  // namespace hail::bulk
