// Trust in the peer of a bulk run, which begins with the first answer: until then one shipment is in flight,
// so that a wrong address costs one shipment and never the whole input.
//
// Shape:   a peer that answers like another kind of service is given up at once, unless it has worked before.
//          One that is silent, or no longer works, is asked one shipment at a time, and given up after ten
//          more.

#pragma once

#include <cstdint>

#include "lib/bulk/verdict.h"

namespace hail::bulk {

class Trust {
  public:
    explicit Trust(unsigned parallel) : parallel_(parallel) {}

    // Whether only one shipment may be in flight.
    bool is_cautious() const { return !has_worked_ || in_vain_ >= parallel_; }
    bool has_worked() const { return has_worked_; }

    // Returns false if no more should be sent.
    bool survives(Verdict::Peer peer) {
        switch (peer) {
            case Verdict::Peer::unclear:
                return true;
            case Verdict::Peer::works:
                has_worked_ = true;
                in_vain_ = 0;
                return true;
            case Verdict::Peer::silent:
                ++in_vain_;
                return in_vain_ < parallel_ + patience;
            case Verdict::Peer::strange:
                ++in_vain_;
                return has_worked_ && in_vain_ < parallel_ + patience;
        }
        return true;
    }

  private:
    static constexpr std::uint64_t patience = 10;

    std::uint64_t parallel_;
    std::uint64_t in_vain_ = 0;  // shipments in a row
    bool has_worked_ = false;
};

}  // namespace hail::bulk
