// Makes a peer wait until the test has seen the previous step, so that no test sleeps.

#pragma once

#include <chrono>
#include <future>

#include "tests/support/peer.h"

namespace hail::support {

class Gate {
  public:
    // Waits for open(), at most 10 s.
    Step step() const {
        return [passed = passed_](Connection&) { passed.wait_for(std::chrono::seconds(10)); };
    }

    // Repeats an action, with a short pause after each, until the gate is opened.
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
