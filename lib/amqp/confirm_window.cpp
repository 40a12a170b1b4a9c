#include "lib/amqp/confirm_window.h"

#include <utility>

#include "lib/base/error.h"

namespace hail::amqp {

namespace {

[[noreturn]] void reject_answer(const std::string& why) {
    throw base::Error(base::Exit::bad_reply, "the broker " + why);
}

}  // namespace

void ConfirmWindow::add(const Sent& message) {
    if (next_ - head_ == ring_.size()) {
        std::vector<Sent> larger(ring_.size() * 2);
        for (std::uint64_t tag = head_; tag < next_; ++tag) {
            larger[tag & (larger.size() - 1)] = at(tag);
        }
        ring_.swap(larger);
    }
    at(next_) = message;
    at(next_).answered = false;
    ++next_;
    ++in_flight_;
}

void ConfirmWindow::returned(std::size_t fingerprint, std::uint64_t size, std::string words) {
    returned_.push_back({fingerprint, size, std::move(words)});
    check_returns();
}

void ConfirmWindow::check(const Ack& ack) const {
    if (!is_known(ack.tag) || (!ack.multiple && at(ack.tag).answered)) {
        reject_answer("answered message " + std::to_string(ack.tag) + ", which " +
                      (ack.tag == 0 || ack.tag >= next_ ? "was not sent" : "it had answered before"));
    }
}

void ConfirmWindow::check_returns() const {
    if (returned_.size() > in_flight_) {
        reject_answer("returned a message that was not sent");
    }
}

}  // namespace hail::amqp
