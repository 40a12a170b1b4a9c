// Prints the output of subscribe: on stdout the messages, in bursts as they arrive; on stderr a line once the
// subscription is established.
//
// Shape:   on a terminal, control characters are shown instead of obeyed.
// Throws:  whatever Console::write() throws, and OutputClosed if the reader of stdout goes away while no
//          message arrives.

#pragma once

#include <string>

#include "cli/output/console.h"
#include "cli/output/message.h"
#include "cli/output/ready_signal.h"
#include "lib/pubsub/subscribe.h"

namespace hail::cli::output {

class MessagePrinter : public pubsub::SubscribeSink {
  public:
    // `names` is the number of channels and patterns.
    MessagePrinter(Console& console, MessageFormat format, ReadySignal ready, std::size_t names)
        : console_(console), format_(std::move(format)), ready_(ready), names_(names) {}

    void take(const pubsub::Message& message) override;
    void warn(const std::string& what) override { console_.warn(what); }
    void ready() override;
    void pause() override { console_.flush(); }
    int watched() const override { return console_.output_descriptor(); }
    void hung_up() override { throw OutputClosed{}; }

  private:
    Console& console_;
    MessageFormat format_;
    ReadySignal ready_;
    std::size_t names_;
    std::string line_;
};

}  // namespace hail::cli::output
