// The number of records that the peer accepts in one shipment, learnt from evidence about size and tried
// upward again after a while.
//
// Shape:   never more than the user asked for. A size that was tried upward in vain is tried again after four
//          times as many shipments.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace hail::bulk {

class SizeCap {
  public:
    explicit SizeCap(std::size_t most) : most_(most), limit_(most) {}

    std::size_t limit() const { return limit_; }
    bool learnt() const { return limit_ < most_; }

    // The peer accepts so many and no more.
    void lower(std::size_t accepted) {
        accepted = std::max<std::size_t>(accepted, 1);
        if (accepted < limit_) {
            patience_ *= trying_ ? 4 : 1;
            limit_ = accepted;
            full_ = 0;
            trying_ = false;
        }
    }

    // The peer accepted a shipment of this size.
    void accepted(std::size_t size) {
        if (learnt() && size >= limit_ && ++full_ >= patience_) {
            limit_ = std::min(most_, limit_ * 2);
            full_ = 0;
            trying_ = true;
        }
    }

  private:
    std::size_t most_;
    std::size_t limit_;
    std::uint64_t patience_ = 100;  // full shipments before a larger size is tried
    std::uint64_t full_ = 0;        // that were accepted at this limit
    bool trying_ = false;           // the limit is a trial
};

}  // namespace hail::bulk
