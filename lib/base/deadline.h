// Deadline: the moment by which something must end, or never.
//
// Shape:   steady clock; milliseconds as poll(2) takes them: -1 waits for ever, 0 means that it has passed.

#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace hail::base {

using Milliseconds = std::chrono::milliseconds;

class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    Deadline() = default;  // never
    static Deadline after(std::optional<Milliseconds> delay) {
        Deadline deadline;
        if (delay) {
            deadline.at_ = Clock::now() + *delay;
        }
        return deadline;
    }

    bool passed() const { return at_ && Clock::now() >= *at_; }

    // Rounded up, so that a wait of this length does not wake just before the deadline.
    int poll_milliseconds() const {
        if (!at_) {
            return -1;
        }
        const auto left = std::chrono::ceil<Milliseconds>(*at_ - Clock::now()).count();
        return static_cast<int>(std::clamp<decltype(left)>(left, 0, 1'000'000'000));
    }

    // The earlier of the two.
    friend Deadline sooner(const Deadline& a, const Deadline& b) {
        if (!a.at_ || !b.at_) {
            return a.at_ ? a : b;
        }
        return *a.at_ < *b.at_ ? a : b;
    }

  private:
    std::optional<Clock::time_point> at_;
};

}  // namespace hail::base
