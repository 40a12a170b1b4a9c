#pragma once

#include <chrono>
#include <future>

#include "tests/support/peer.h"

// Lets a peer go on only when the test has seen what came before, so that nobody has to sleep.

namespace hail::support {

class Gate {
  public:
    // Waits for open(), at most 10 s.
    Step step() const {
        return [passed = passed_](Connection&) { passed.wait_for(std::chrono::seconds(10)); };
    }

    // Does something again and again, with a short rest in between, until it is opened.
    Step until_open(const Step& again) const {
        return [passed = passed_, again](Connection& connection) {
            for (int turn = 0; turn < 1000 && connection.open(); ++turn) {
                again(connection);
                if (passed.wait_for(std::chrono::milliseconds(10)) == std::future_status::ready) {
                    return;
                }
            }
        };
    }

    void open() { open_.set_value(); }

  private:
    std::promise<void> open_;
    std::shared_future<void> passed_ = open_.get_future().share();
};

}  // namespace hail::support
