// How long a subscription run waits: for all of it, for the broker's confirmation, and for messages.
//
// Shape:   the limits for messages begin when every subscription is confirmed for the first time. Each
//          connection has a limit for its confirmation. check() says which limit has passed.
// Throws:  check() only: Error(timed_out), and ConnectionLost if a connection that was made again is not
//          confirmed in time.

#pragma once

#include <cstdint>
#include <optional>

#include "lib/base/deadline.h"

namespace hail::pubsub {

class SubscribePatience {
  public:
    struct Limits {
        std::optional<base::Milliseconds> whole{};     // for all of the run
        std::optional<base::Milliseconds> duration{};  // for messages: the end of the run, without `count`
        std::optional<base::Milliseconds> confirmation{};  // for each connection
        std::optional<base::Milliseconds> first{};         // for the first message
        std::optional<base::Milliseconds> idle{};          // for the next message
        std::uint64_t count = 0;                           // messages that are wanted; 0: no number
    };

    explicit SubscribePatience(const Limits& limits)
        : limits_(limits), whole_(base::Deadline::after(limits.whole)) {}

    // For an attempt to connect that begins now. Until the first confirmation, each has the whole duration.
    base::Deadline attempt() const;

    void opened();     // a connection is made, and its subscriptions are asked for
    void confirmed();  // all of them
    void lost();       // it broke
    void received(std::uint64_t all);

    base::Deadline next() const;
    bool time_is_over() const { return limits_.count == 0 && end_.passed(); }
    void check() const;

  private:
    const char* option_for_confirmation() const;

    Limits limits_;
    base::Deadline whole_;
    base::Deadline end_;
    base::Deadline first_;
    base::Deadline silence_;
    base::Deadline confirm_by_;
    bool began_ = false;  // the first confirmation has come
    std::uint64_t received_ = 0;
};

}  // namespace hail::pubsub
