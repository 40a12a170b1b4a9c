#include "lib/amqp/ack_window.h"

#include "lib/amqp/codec.h"
#include "lib/base/error.h"

namespace hail::amqp {

void AckWindow::add(std::uint64_t tag) {
    if (tag != first_ + states_.size()) {
        throw base::Error(base::Exit::bad_reply, "the broker sent delivery " + std::to_string(tag) +
                                                     " instead of " +
                                                     std::to_string(first_ + states_.size()));
    }
    states_.push_back(State::open);
    ++open_;
}

AckWindow::State* AckWindow::find(std::uint64_t tag) {
    const bool known = tag >= first_ && tag - first_ < states_.size();
    return known && states_[tag - first_] == State::open ? &states_[tag - first_] : nullptr;
}

bool AckWindow::done(std::uint64_t tag) {
    State* const state = find(tag);
    if (state != nullptr) {
        *state = State::due;
        --open_;
        ++due_;
    }
    return state != nullptr;
}

bool AckWindow::forget(std::uint64_t tag) {
    State* const state = find(tag);
    if (state != nullptr) {
        *state = State::settled;
        --open_;
        drop_settled();
    }
    return state != nullptr;
}

void AckWindow::drop_settled() {
    while (!states_.empty() && states_.front() == State::settled) {
        states_.pop_front();
        ++first_;
    }
}

void AckWindow::append_due(std::string& out, std::uint16_t channel) {
    if (due_ == 0) {
        return;
    }
    std::uint64_t last = 0;
    while (!states_.empty() && states_.front() != State::open) {
        if (states_.front() == State::due) {
            last = first_;
            --due_;
        }
        states_.pop_front();
        ++first_;
    }
    if (last != 0) {
        out += ack(channel, {last, true});
    }
    for (std::size_t i = 0; due_ > 0 && i < states_.size(); ++i) {
        if (states_[i] == State::due) {
            states_[i] = State::settled;
            --due_;
            out += ack(channel, {first_ + i, false});
        }
    }
}

}  // namespace hail::amqp
