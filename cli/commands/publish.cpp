#include "cli/commands/publish.h"

#include <array>
#include <optional>

#include "cli/input/messages.h"
#include "cli/options/broker.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/broker.h"

namespace hail::cli::publish {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;
using base::Milliseconds;

constexpr Milliseconds drain_after_signal(2'000);

input::Messages make_input(const Options& options) {
    const int forms = (options.nul ? 1 : 0) + (options.whole ? 1 : 0) + (options.json ? 1 : 0);
    if (forms > 1) {
        throw Error(Exit::usage, "reading the command line: -0, --whole and --json exclude one another");
    }
    if (!options.messages.empty() && forms > 0) {
        throw Error(Exit::usage, "reading the command line: messages are arguments, so stdin is not read",
                    "leave out the messages, or -0, --whole and --json");
    }
    const auto form = options.nul     ? input::MessageForm::nul
                      : options.whole ? input::MessageForm::whole
                      : options.json  ? input::MessageForm::json
                                      : input::MessageForm::lines;
    return {options.messages, options.channel, form,
            options.skip_empty ? input::EmptyMessages::skip : input::EmptyMessages::send};
}

Exit dry_run(const Options& options, const net::Address& address, output::Console& console,
             const base::Stop& stop) {
    input::Messages input = make_input(options);
    const auto print = [&](const std::string& bytes) {
        console.write(console.to_terminal() ? base::printable(bytes) : bytes);
    };
    print(pubsub::publisher_greeting(address));
    for (;;) {
        while (const auto message = input.next()) {
            print(pubsub::published_bytes(address, message->channel, message->payload));
        }
        if (!input.wants_input()) {
            return Exit::ok;
        }
        if (!stop.wait_readable(input.descriptor())) {
            return stop.exit();
        }
        input.read();
    }
}

// Input, sending and answers at once: none of them waits for another.
class Publishing : private pubsub::AnswerSink {
  public:
    Publishing(const Options& options, const pubsub::Broker& broker, output::Console& console,
               base::Stop& stop)
        : options_(options),
          broker_(broker),
          console_(console),
          stop_(stop),
          input_(make_input(options)),
          whole_(Deadline::after(broker.connect.timeout)),
          publisher_(pubsub::open_publisher(broker, {.window = options.window}, *this, stop)) {
        for (const auto& warning : publisher_->warnings()) {
            console.warn(warning);
        }
    }

    Exit run() {
        try {
            while (!done()) {
                fill();
                publisher_->exchange();
                if (!done() && !can_fill()) {
                    console_.flush();
                    wait();
                }
            }
        } catch (const Error& error) {
            failure_.emplace(error);
        }
        return conclude();
    }

  private:
    void accepted(std::uint64_t, std::int64_t receivers) override {
        ++accepted_;
        if (options_.receivers) {
            console_.write(std::to_string(receivers) + "\n");
        }
    }

    void refused(std::uint64_t number, const Error& error) override {
        const std::string message = error.what();
        console_.report(
            Error(error.exit(), place(number) + ": " + message, refused_ == 0 ? error.hint() : ""));
        ++refused_;
        const bool hopeless = message.find(": NOAUTH") != std::string::npos ||
                              (options_.channel != "-" && message.find(": NOPERM") != std::string::npos);
        reading_ = reading_ && !options_.fail_fast && !hopeless;
    }

    std::string place(std::uint64_t number) const {
        return (input_.from_arguments() ? "message " : "input line ") + std::to_string(number);
    }

    bool done() const {
        return publisher_->broken() || given_up_ ||
               (publisher_->in_flight() == 0 && (!reading_ || exhausted_));
    }
    bool can_fill() const { return reading_ && !starved_ && !exhausted_ && publisher_->has_room(); }

    void fill() {
        while (reading_ && publisher_->has_room()) {
            std::optional<input::OutgoingMessage> message;
            try {
                message = input_.next();
            } catch (const Error& error) {
                failure_.emplace(error);  // what is in flight is drained first
                reading_ = false;
                return;
            }
            if (!message) {
                starved_ = true;
                exhausted_ = !input_.wants_input();
                return;
            }
            publisher_->publish(message->channel, message->payload, message->number);
            ++read_;
            last_ = message->number;
        }
    }

    void wait() {
        const bool draining = !reading_ || exhausted_;
        watch_progress(draining);
        std::array<pollfd, 1> others{
            {{reading_ && starved_ && !exhausted_ ? input_.descriptor() : -1, POLLIN, 0}}};
        const bool stopping = stop_.raised() != 0;
        const net::Ready ready =
            publisher_->wait(sooner(whole_, patience_), stopping ? nullptr : &stop_, others);
        if (ready.stopped && !stopping) {
            reading_ = false;
            patience_ = Deadline::after(drain_after_signal);
        }
        if (ready.others) {
            input_.read();
            starved_ = false;
        }
        give_up_if_late(draining);
    }

    // The limit for silence starts anew with every answer.
    void watch_progress(bool draining) {
        if (stop_.raised() != 0 || (watched_ == accepted_ + refused_ && draining == was_draining_)) {
            return;
        }
        watched_ = accepted_ + refused_;
        was_draining_ = draining;
        const auto idle = publisher_->in_flight() > 0 ? broker_.connect.idle_timeout : std::nullopt;
        patience_ = Deadline::after(draining ? options_.drain_timeout : idle);
    }

    void give_up_if_late(bool draining) {
        if (stop_.urgent() || (stop_.raised() != 0 && patience_.passed())) {
            given_up_ = true;
        } else if (whole_.passed() || (patience_.passed() && (draining || publisher_->in_flight() > 0))) {
            const std::string option = whole_.passed() ? "--timeout"
                                       : draining      ? "--drain-timeout"
                                                       : "--idle-timeout";
            failure_.emplace(Exit::timed_out,
                             "publishing at " + net::display(broker_.address) + ": the time limit passed",
                             "allow more with " + option);
            given_up_ = true;
        }
    }

    Exit conclude() {
        const pubsub::Loss loss = publisher_->loss();
        if (publisher_->broken() && !failure_) {
            failure_.emplace(Exit::unknown,
                             "publishing at " + net::display(broker_.address) + ": " + loss.why.why,
                             loss.why.hint);
        }
        const std::uint64_t open = loss.unknown + loss.not_sent;
        console_.flush();
        if (open > 0 || stop_.raised() != 0 || (failure_ && read_ > 0)) {
            summarize(loss, open);
        }
        if (stop_.raised() != 0) {
            return stop_.exit();
        }
        if (failure_) {
            const Exit exit =
                loss.unknown > 0 ? base::worse(failure_->exit(), Exit::unknown) : failure_->exit();
            throw Error(exit, failure_->what(), failure_->hint());
        }
        return refused_ > 0 ? Exit::refused : Exit::ok;
    }

    void summarize(const pubsub::Loss& loss, std::uint64_t open) {
        const auto part = [](const char* name, std::uint64_t count) {
            return count == 0 ? std::string() : std::string(", ") + name + " " + std::to_string(count);
        };
        console_.say("read " + std::to_string(read_) + ", accepted " + std::to_string(accepted_) +
                     part("refused", refused_) + ", unknown " + std::to_string(loss.unknown) +
                     part("not sent", loss.not_sent) + "; resume at " +
                     place(open > 0 ? loss.first_tag : last_ + 1));
    }

    const Options& options_;
    const pubsub::Broker& broker_;
    output::Console& console_;
    base::Stop& stop_;
    input::Messages input_;
    Deadline whole_;
    Deadline patience_;
    std::optional<Error> failure_;
    std::uint64_t read_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t watched_ = 0;
    std::uint64_t last_ = 0;  // the number of the message that was read last
    bool reading_ = true;     // more messages are wanted
    bool starved_ = false;    // the input has to be read first
    bool exhausted_ = false;  // the input is at its end
    bool given_up_ = false;   // what is in flight is not waited for any longer
    bool was_draining_ = false;
    std::unique_ptr<pubsub::Publisher> publisher_;
};

}  // namespace

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Publishes messages to a channel: the arguments, or else stdin, a message a line. A message counts "
        "as published when the broker's answer to it was read.");
    parser.examples(
        "  hail publish localhost news 'hello'\n"
        "  tail -f app.log | hail publish rediss://logs.example.com app\n"
        "  hail publish localhost - --json < captured.ndjson\n");
    parser.argument("ADDRESS", options.address, "Where the broker is");
    parser.argument("CHANNEL", options.channel,
                    "Where the messages go; with --json, - for each record's own channel");
    parser.arguments("MESSAGE", options.messages, "The messages; none: stdin, a message a line");
    options::Group group(parser, "Publish options");
    group.flag("-0,--null", options.nul, "Messages on stdin end with NUL instead of a newline");
    group.flag("--whole", options.whole, "All of stdin is one message");
    group.flag("--json", options.json, "Lines are objects as subscribe --json prints them");
    group.flag("--skip-empty", options.skip_empty, "Do not send empty lines");
    group.number("--window", options.window, "Messages without an answer at a time (default 10000)",
                 "HAIL_WINDOW", {.least = 1});
    group.flag("--receivers", options.receivers, "Print how many subscribers got each message");
    group.flag("--fail-fast", options.fail_fast, "Read no more after the first error reply");
    group.duration("--drain-timeout", options.drain_timeout,
                   "Limit for a silence while the last answers are awaited (default 30s)",
                   "HAIL_DRAIN_TIMEOUT");
    options::declare_connection(parser, options.connection, options::Peer::broker, options::Digits::are_data);
    options::declare_display(parser, options.display);
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    const pubsub::Broker broker = options::broker(options.address, options.connection);
    if (options.display.dry_run) {
        return dry_run(options, broker.address, console, stop);
    }
    return Publishing(options, broker, console, stop).run();
}

}  // namespace hail::cli::publish
