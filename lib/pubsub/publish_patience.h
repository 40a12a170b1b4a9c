// How long a publishing run waits: for all of it, for the next answer, and for what is in flight at its end.
//
// Shape:   watch() is told the state of the run before each wait. The limit for silence begins again whenever
//          that changes: it is the drain timeout once nothing more is read, otherwise the idle timeout while
//          messages are unanswered; there is none while the broker takes no messages. After the first signal
//          what is in flight has two seconds, whatever comes.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/deadline.h"

namespace hail::pubsub {

class PublishPatience {
  public:
    struct Limits {
        std::optional<base::Milliseconds> whole;
        std::optional<base::Milliseconds> idle;
        std::optional<base::Milliseconds> drain;
    };
    struct State {
        std::uint64_t answers = 0;
        bool draining = false;  // nothing more is read
        bool blocked = false;   // the broker takes no messages
        bool waiting = false;   // messages are in flight
        bool operator==(const State&) const = default;
    };

    explicit PublishPatience(const Limits& limits)
        : limits_(limits), whole_(base::Deadline::after(limits.whole)) {}

    void watch(const State& state);
    void stop();  // after a signal
    bool stopping() const { return stopping_; }

    const base::Deadline& whole() const { return whole_; }
    base::Deadline next() const { return sooner(whole_, silence_); }
    bool is_silent() const { return silence_.passed(); }

    // The option whose limit ends the run now; empty: none does.
    std::string_view passed_option() const;

  private:
    Limits limits_;
    base::Deadline whole_;
    base::Deadline silence_;
    std::optional<State> state_;
    bool stopping_ = false;
};

}  // namespace hail::pubsub
