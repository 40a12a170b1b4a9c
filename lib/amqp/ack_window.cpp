#include "lib/amqp/ack_window.h"

#include "lib/amqp/codec.h"

namespace hail::amqp {

void AckWindow::add() {
    states_.push_back(State::open);
    ++open_;
}

bool AckWindow::settle(std::uint64_t tag, State state) {
    if (tag < first_) {
        if (late_.erase(tag) == 0) {
            return false;
        }
        if (state == State::due) {
            late_due_.push_back(tag);
        }
    } else {
        if (tag - first_ >= states_.size() || states_[tag - first_] != State::open) {
            return false;
        }
        states_[tag - first_] = state;
        due_ += state == State::due ? 1U : 0U;
    }
    --open_;
    return true;
}

bool AckWindow::done(std::uint64_t tag) {
    return settle(tag, State::due);
}

bool AckWindow::forget(std::uint64_t tag) {
    const bool was_open = settle(tag, State::settled);
    while (!states_.empty() && states_.front() == State::settled) {
        states_.pop_front();
        ++first_;
    }
    return was_open;
}

void AckWindow::append_due(std::string& out, std::uint16_t channel) {
    // Before those together, which would include them.
    for (const std::uint64_t tag : late_due_) {
        out += ack(channel, {tag, false});
    }
    late_due_.clear();
    std::uint64_t together = 0;
    std::string alone;
    while (due_ > 0) {
        const std::uint64_t tag = first_++;
        const State state = states_.front();
        states_.pop_front();
        if (state == State::open) {
            late_.insert(late_.end(), tag);
        } else if (state == State::due) {
            --due_;
            if (late_.empty()) {
                together = tag;
            } else {
                alone += ack(channel, {tag, false});
            }
        }
    }
    if (together != 0) {
        out += ack(channel, {together, true});
    }
    out += alone;
}

}  // namespace hail::amqp
