#include "cli/output/message_printer.h"

#include "cli/output/json_printer.h"
#include "lib/base/text.h"

namespace hail::cli::output {

namespace {
constexpr std::size_t burst = 64UL * 1024;
}

void MessagePrinter::take(const pubsub::Message& message) {
    line_.clear();
    format_.append(line_, message);
    add(line_);
    if (message.delivery != 0) {
        unsettled_.push_back({added_, message.delivery});
    }
}

void MessagePrinter::add(const std::string& record) {
    const bool indented = format_.is_json() && console().indents();
    if (indented || console().to_terminal()) {
        const std::string shown = indented ? shown_json(record, console()) : base::printable(record);
        backlog_.add(shown);
        added_ += shown.size();
    } else {
        backlog_.add(record);
        added_ += record.size();
    }
    if (backlog_.in_memory() >= burst) {
        pause();
    }
}

void MessagePrinter::pause() {
    if (!blocked_) {
        pump();
    }
}

void MessagePrinter::pump() {
    while (!backlog_.empty()) {
        const std::size_t count = console().write_ready(backlog_.front());
        backlog_.consume(count);
        written_ += count;
        blocked_ = count == 0;
        if (blocked_) {
            return;
        }
    }
}

void MessagePrinter::collect(std::vector<pubsub::Handled>& handled) {
    while (!unsettled_.empty() && unsettled_.front().end <= written_) {
        handled.push_back({unsettled_.front().delivery, pubsub::Settlement::done});
        unsettled_.pop_front();
    }
}

// A person, or a reader who gets the newest messages, is not given half a message.
bool MessagePrinter::takes_pieces() const {
    return format_.is_payload() && !console().to_terminal() && !backlog_.drops();
}

void MessagePrinter::cut() {
    line_.clear();
    format_.append_end(line_);
    add(line_);
    console().warn("the last message is cut: its rest never came");
}

// Without events, only a hang-up is wanted, which poll() always reports.
void MessagePrinter::add_polls(std::vector<pollfd>& polls) {
    polls.push_back({console().output_descriptor(), static_cast<short>(backlog_.empty() ? 0 : POLLOUT), 0});
}

void MessagePrinter::polled(std::span<const pollfd> polls) {
    for (const pollfd& entry : polls) {
        // A pipe reports an error, a socket a hang-up.
        if ((entry.revents & (POLLERR | POLLHUP)) != 0) {
            throw OutputClosed{};
        }
        if ((entry.revents & POLLOUT) != 0) {
            pump();
        }
    }
}

void MessagePrinter::gap(const pubsub::Gap& gap) {
    SubscriptionReport::gap(gap);
    if (events_ == Events::in_band) {
        line_.clear();
        format_.append_gap(line_, gap);
        add(line_);
    }
}

void MessagePrinter::missing(const pubsub::Missing& missing) {
    SubscriptionReport::missing(missing);
    if (events_ == Events::in_band) {
        line_.clear();
        format_.append_missing(line_, missing);
        add(line_);
    }
}

}  // namespace hail::cli::output
