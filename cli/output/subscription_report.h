// The lines on stderr of every way to handle messages: readiness, gaps, lost messages, oddities.
//
// Throws:  nothing of its own.

#pragma once

#include <string>
#include <utility>

#include "cli/output/console.h"
#include "cli/output/message.h"
#include "cli/output/ready_signal.h"
#include "lib/pubsub/subscribe.h"

namespace hail::cli::output {

class SubscriptionReport : public pubsub::SubscribeSink {
  public:
    // `what` is printed after "subscribed to".
    SubscriptionReport(Console& console, ReadySignal ready, std::string what)
        : console_(console), ready_(ready), what_(std::move(what)) {}

    void warn(const std::string& what) override { console_.warn(what); }
    void ready() override {
        ready_.send();
        console_.say("subscribed to " + what_);
    }
    void gap(const pubsub::Gap& gap) override { console_.say(gap_text(gap)); }
    void missing(const pubsub::Missing& missing) override { console_.warn(missing_text(missing)); }

  protected:
    Console& console() { return console_; }
    const Console& console() const { return console_; }

  private:
    Console& console_;
    ReadySignal ready_;
    std::string what_;
};

// "2 channels and 1 pattern"; `noun` is channel or stream.
std::string subscriptions_text(const pubsub::Subscriptions& names, const std::string& noun);

}  // namespace hail::cli::output
