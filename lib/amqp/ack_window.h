// The deliveries of one channel that are not settled, and the acknowledgements that are due.
//
// Shape:   tags count up from 1, the first delivery of the channel. Messages may be settled in any order:
//          those before which nothing is open are acknowledged together, the others one by one.
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace hail::amqp {

class AckWindow {
  public:
    void add();  // the next delivery

    // A message was handled: it is to be acknowledged. False for a tag that is not open.
    bool done(std::uint64_t tag);
    // A message needs no acknowledgement any longer: it was rejected.
    bool forget(std::uint64_t tag);

    // Appends the frames of the acknowledgements that are due.
    void append_due(std::string& out, std::uint16_t channel);
    std::size_t open() const { return open_; }  // deliveries that are not settled

  private:
    enum class State : std::uint8_t { open, due, settled };
    bool settle(std::uint64_t tag, State state);

    std::set<std::uint64_t> late_;         // open, although later ones were acknowledged
    std::vector<std::uint64_t> late_due_;  // no longer open
    std::deque<State> states_;             // of all after them
    std::uint64_t first_ = 1;              // the tag of the first state
    std::size_t open_ = 0;
    std::size_t due_ = 0;
};

}  // namespace hail::amqp
