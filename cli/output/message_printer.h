// Prints the output of subscribe: on stdout the messages, in bursts as they arrive; on stderr a line once the
// subscription is established, and one for every gap.
//
// Shape:   a slow reader of stdout never stops the run: messages wait in the backlog. On a terminal, control
//          characters are shown instead of obeyed.
// Throws:  whatever Console::write_ready() and Backlog throw, and OutputClosed if the reader of stdout goes
//          away while no message arrives.

#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "cli/output/backlog.h"
#include "cli/output/console.h"
#include "cli/output/message.h"
#include "cli/output/ready_signal.h"
#include "cli/output/subscription_report.h"

namespace hail::cli::output {

class MessagePrinter : public SubscriptionReport {
  public:
    enum class Events { on_stderr, in_band };

    MessagePrinter(Console& console, MessageFormat format, ReadySignal ready, std::string what,
                   Backlog backlog, Events events)
        : SubscriptionReport(console, ready, std::move(what)),
          format_(std::move(format)),
          backlog_(std::move(backlog)),
          events_(events) {}

    void take(const pubsub::Message& message) override;
    void gap(const pubsub::Gap& gap) override;
    void cut() override;
    void missing(const pubsub::Missing& missing) override;
    void pause() override;
    bool takes_pieces() const override;
    bool takes_properties() const override { return format_.shows_properties(); }
    bool takes_more() const override { return unsettled_.empty() || !backlog_.full(); }
    void add_polls(std::vector<pollfd>& polls) override;
    void polled(std::span<const pollfd> polls) override;
    bool idle() const override { return backlog_.empty(); }
    void collect(std::vector<pubsub::Handled>& handled) override;

    std::uint64_t dropped() const { return backlog_.dropped(); }

  private:
    // A message that the broker waits for, and the place at which it is written.
    struct Unsettled {
        std::uint64_t end;
        std::uint64_t delivery;
    };

    void add(const std::string& record);
    void pump();

    MessageFormat format_;
    Backlog backlog_;
    Events events_;
    std::string line_;
    std::uint64_t added_ = 0;    // bytes given to the backlog,
    std::uint64_t written_ = 0;  // and bytes of them that were written
    std::deque<Unsettled> unsettled_;
    bool blocked_ = false;  // the output took nothing: poll(2) says when it takes more
};

}  // namespace hail::cli::output
