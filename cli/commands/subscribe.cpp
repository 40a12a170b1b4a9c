#include "cli/commands/subscribe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "cli/options/broker.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/output/message.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/broker.h"

namespace hail::cli::subscribe {

namespace {

using base::Deadline;
using base::Error;
using base::Exit;

// Writes "ready" there once; -1 is nowhere.
class ReadySignal {
  public:
    explicit ReadySignal(const std::string& number) {
        if (number.empty()) {
            return;
        }
        const auto parsed = base::parse_number(number);
        descriptor_ = parsed && *parsed < 1'000'000 ? static_cast<int>(*parsed) : -1;
        if (descriptor_ < 0 || ::fcntl(descriptor_, F_GETFD) < 0) {
            throw Error(Exit::usage,
                        "option --ready-fd: '" + base::one_line(number) + "' is not an open descriptor",
                        "open it in the shell, as in 9> ready");
        }
    }

    void send() {
        if (descriptor_ < 0) {
            return;
        }
        constexpr std::string_view text = "ready\n";
        // Nobody may be listening any more, which is theirs to know.
        [[maybe_unused]] const auto written = ::write(descriptor_, text.data(), text.size());
        if (descriptor_ > STDERR_FILENO) {
            ::close(descriptor_);  // so that whoever reads it to its end is not kept waiting
        }
        descriptor_ = -1;
    }

  private:
    int descriptor_ = -1;
};

class Subscription : private pubsub::MessageSink {
  public:
    Subscription(const Options& options, const pubsub::Broker& broker, const pubsub::Subscriptions& names,
                 output::Console& console, base::Stop& stop)
        : options_(options),
          console_(console),
          stop_(stop),
          ready_(options.ready_fd),
          format_(options.json ? output::MessageForm::json : output::MessageForm::payload,
                  options.nul ? '\0' : '\n'),
          subscriber_(pubsub::open_subscriber(broker, names, {}, *this, stop)),
          names_(names.channels.size() + names.patterns.size()),
          idle_timeout_(broker.connect.idle_timeout),
          whole_(Deadline::after(broker.connect.timeout)),
          end_(Deadline::after(options.duration)) {
        for (const auto& warning : subscriber_->warnings()) {
            console.warn(warning);
        }
    }

    Exit run() {
        try {
            listen();
        } catch (const Error&) {
            console_.flush();
            throw;
        }
        console_.flush();
        return stop_.raised() != 0 ? stop_.exit() : Exit::ok;
    }

  private:
    void take(const pubsub::Message& message) override {
        if (complete()) {
            return;  // the broker had sent more before we could leave
        }
        ++received_;
        line_.clear();
        format_.append(line_, message);
        console_.write(console_.to_terminal() ? base::printable(line_) : line_);
    }

    bool complete() const { return options_.count > 0 && received_ >= options_.count; }

    void listen() {
        while (!complete() && stop_.raised() == 0) {
            const std::uint64_t before = received_;
            const bool more = subscriber_->receive();
            if (!announced_ && subscriber_->ready()) {
                announce();
            }
            if (received_ != before) {
                silence_ = Deadline::after(idle_timeout_);
            }
            if (more || complete()) {
                continue;
            }
            console_.flush();
            if (out_of_time()) {
                return;
            }
            wait();
        }
    }

    void announce() {
        announced_ = true;
        ready_.send();
        console_.say("subscribed to " + std::to_string(names_) +
                     (names_ == 1 ? " channel" : " channels or patterns"));
        first_ = Deadline::after(options_.first_within);
        silence_ = Deadline::after(idle_timeout_);
    }

    // True when it is time to leave; throws when something was still awaited.
    bool out_of_time() {
        if (end_.passed()) {
            if (options_.count > 0) {
                throw Error(Exit::timed_out, "waiting for messages: " + std::to_string(received_) + " of " +
                                                 std::to_string(options_.count) + " came within --for");
            }
            return true;
        }
        if (whole_.passed()) {
            throw Error(Exit::timed_out, "waiting for messages: the time limit passed",
                        "allow more with --timeout");
        }
        if (received_ == 0 && first_.passed()) {
            throw Error(Exit::timed_out, "waiting for messages: none came within --first-within");
        }
        if (silence_.passed()) {
            throw Error(Exit::timed_out,
                        "waiting for messages: none came for as long as --idle-timeout allows");
        }
        return false;
    }

    void wait() {
        Deadline until = sooner(sooner(end_, whole_), silence_);
        if (received_ == 0) {
            until = sooner(until, first_);
        }
        // No events: only the hang-up of a reader of stdout is wanted, which is always told.
        std::array<pollfd, 1> others{{{console_.output_descriptor(), 0, 0}}};
        const net::Ready ready = subscriber_->wait(until, &stop_, others);
        if (ready.others && (others[0].revents & POLLERR) != 0) {
            throw output::OutputClosed{};
        }
    }

    const Options& options_;
    output::Console& console_;
    base::Stop& stop_;
    ReadySignal ready_;
    output::MessageFormat format_;
    std::unique_ptr<pubsub::Subscriber> subscriber_;
    std::size_t names_;
    std::optional<base::Milliseconds> idle_timeout_;
    Deadline whole_;
    Deadline end_;
    Deadline first_;    // from readiness on
    Deadline silence_;  // from the last message on
    std::string line_;
    std::uint64_t received_ = 0;
    bool announced_ = false;
};

}  // namespace

pubsub::Subscriptions sort_names(const std::vector<std::string>& names, Globs globs) {
    pubsub::Subscriptions sorted;
    for (const auto& name : names) {
        const bool pattern = globs == Globs::are_patterns && name.find_first_of("*?[") != std::string::npos;
        (pattern ? sorted.patterns : sorted.channels).push_back(name);
    }
    return sorted;
}

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Prints the messages of channels, and of patterns where a name has glob characters. Only messages "
        "are on stdout.");
    parser.examples(
        "  hail subscribe localhost news\n"
        "  hail subscribe localhost 'news.*' alerts --json\n"
        "  hail subscribe localhost jobs --count 1 --first-within 10s\n");
    parser.argument("ADDRESS", options.address, "Where the broker is");
    parser.arguments("CHANNEL", options.channels, "Channels, and patterns with * ? or [");
    options::Group group(parser, "Subscribe options");
    group.flag("--literal", options.literal, "Take * ? and [ in channels as they stand");
    group.flag("--json", options.json,
               "One object a message: time, channel, pattern, payload or payload_base64");
    group.flag("-0,--null", options.nul, "End each message with NUL instead of a newline");
    group.number("--count", options.count, "End after this many messages", "HAIL_COUNT", {.least = 1});
    group.duration("--for", options.duration, "End after this time");
    group.duration("--first-within", options.first_within, "Limit for the first message, once subscribed");
    group.text("--ready-fd", options.ready_fd, "NUMBER",
               "Write 'ready' to this open descriptor once every subscription is confirmed");
    options::declare_connection(parser, options.connection, options::Peer::broker,
                                options::Digits::are_options);
    options::declare_display(parser, options.display);
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    if (options.channels.empty()) {
        throw Error(Exit::usage, "reading the command line: CHANNEL is missing",
                    "name at least one channel, or a pattern such as 'news.*'");
    }
    const pubsub::Broker broker = options::broker(options.address, options.connection);
    const pubsub::Subscriptions names =
        sort_names(options.channels, options.literal ? Globs::are_literal : Globs::are_patterns);
    if (options.display.dry_run) {
        const std::string bytes = pubsub::subscriber_bytes(broker.address, names);
        console.write(console.to_terminal() ? base::printable(bytes) : bytes);
        return Exit::ok;
    }
    return Subscription(options, broker, names, console, stop).run();
}

}  // namespace hail::cli::subscribe
