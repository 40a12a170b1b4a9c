#include "cli/commands/publish.h"

#include "cli/input/files.h"
#include "cli/input/messages.h"
#include "cli/options/broker.h"
#include "cli/options/bulk.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/output/broker_trace.h"
#include "cli/output/call_progress.h"
#include "cli/output/publish_report.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/publish.h"
#include "lib/pubsub/request.h"
#include "lib/pubsub/wait_receivers.h"

namespace hail::cli::publish {

namespace {

using base::Error;
using base::Exit;

input::Messages make_input(const Options& options, input::MessageMembers members) {
    if (options.stream.ids == pubsub::StreamAppend::Ids::given && !options.json) {
        throw Error(Exit::usage, "--id-from json needs --json");
    }
    const std::string form_option = options.nul     ? "--null"
                                    : options.whole ? "--whole"
                                    : options.json  ? "--json"
                                                    : "";
    if (options.channel == "-" && !options.json) {
        throw Error(Exit::usage, "the channel - needs --json, whose lines name their channels",
                    "name the channel, or give lines that subscribe --json has printed");
    }
    if (options.channel == "-" && options.wait_receivers) {
        throw Error(Exit::usage, "--wait-receivers needs a channel, and - stands for many",
                    "name the channel");
    }
    if (!options.messages.empty() && !form_option.empty()) {
        throw Error(Exit::usage, form_option + " cannot be combined with MESSAGE arguments",
                    "leave out the messages to read them from stdin");
    }
    const auto form = options.nul     ? input::MessageForm::nul
                      : options.whole ? input::MessageForm::whole
                      : options.json  ? input::MessageForm::json
                                      : input::MessageForm::lines;
    return {options.messages, options.channel, form,
            options.skip_empty ? input::EmptyMessages::skip : input::EmptyMessages::send, members};
}

// Elsewhere - often means stdin. It stays a message, because it may be a value in a script.
void warn_of_dash(const Options& options, output::Console& console) {
    if (options.messages == std::vector<std::string>{"-"} && input::stdin_has_data()) {
        console.warn("the message is '-' itself, and stdin is not read; leave out the - to read it");
    }
}

pubsub::PublishOptions plan(const Options& options) {
    using Plan = pubsub::PublishOptions;
    const bool own_channels = options.json && options.channel == "-";
    return {.window = options.window,
            .after_refusal = options.fail_fast ? Plan::AfterRefusal::stop_reading : Plan::AfterRefusal::go_on,
            .on_lost = options.on_lost,
            .channels = own_channels ? Plan::Channels::many : Plan::Channels::one,
            .require_receivers = options.require_receivers.value_or(0),
            .receivers = options.receivers,
            .rate = options.rate.empty() ? 0 : options::parse_rate(options.rate, "write 50/s or 3000/m"),
            .drain_timeout = options.drain_timeout,
            .stream = options.stream.plan(),
            .amqp = options.amqp.plan()};
}

// Options, names and headers that RabbitMQ would refuse are refused before anything connects.
void check_amqp(const Options& options, const pubsub::Broker& broker, const pubsub::PublishOptions& limits) {
    if (pubsub::is_amqp(broker.address) && options.channel != "-") {
        options.amqp.require_sense(options.channel);
        static_cast<void>(
            pubsub::published_bytes(broker, {.channel = options.channel}, 1, {.amqp = limits.amqp}));
    }
}

Exit show_bytes(const Options& options, const pubsub::Broker& broker, input::Messages& messages,
                const pubsub::PublishOptions& limits, output::Console& console, const base::Stop& stop) {
    const auto show = [&](const std::string& bytes) {
        console.write(console.to_terminal() ? base::printable(bytes) : bytes);
    };
    if (options.request) {
        pubsub::dry_run_requests(broker, limits.amqp, messages, show, stop);
    } else {
        pubsub::dry_run(broker, messages, limits, show, stop);
    }
    return stop.raised() != 0 ? stop.exit() : Exit::ok;
}

// If nothing can have been taken, the reason alone says so.
void tell_counts(const pubsub::PublishSummary& summary, const output::MessagePlace& place,
                 output::Console& console, const base::Stop& stop) {
    const bool any_taken = summary.accepted + summary.loss.unknown > 0;
    const std::string text = output::summary_text(summary, place);
    if (stop.raised() != 0 || (any_taken && (!summary.complete || summary.loss.unknown > 0))) {
        console.insist(text);
    } else if (any_taken && summary.resent > 0) {
        console.say(text);
    }
}

// Returns the exit status of the run, or throws the failure that ended it.
Exit conclude(const pubsub::PublishSummary& summary, const base::Stop& stop) {
    if (stop.raised() != 0) {
        return stop.exit();
    }
    if (summary.failure) {
        const Error& failure = *summary.failure;
        const Exit exit =
            summary.loss.unknown > 0 ? base::worse(failure.exit(), Exit::unknown) : failure.exit();
        throw Error(exit, failure.what(), failure.hint());
    }
    if (summary.loss.unknown > 0) {
        return Exit::unknown;
    }
    return summary.refused + summary.unheard > 0 ? Exit::refused : Exit::ok;
}

// Each request waits for the answer to the one before it.
Exit make_requests(const pubsub::Broker& broker, const pubsub::AmqpPublishing& publishing,
                   input::Messages& messages, output::Console& console, base::Stop& stop) {
    const auto requester = pubsub::open_requester(
        broker, publishing, stop, [&console](const std::string& what) { console.warn(what); });
    pubsub::ask_each(
        *requester, messages,
        [&console](const std::string& answer) {
            console.write(console.to_terminal() ? base::printable(answer) : answer);
            if (!answer.ends_with('\n')) {
                console.write("\n");
            }
            console.flush();
        },
        [&messages](std::uint64_t number) {
            return messages.is_alone() ? std::string() : messages.place(number);
        },
        stop);
    return stop.raised() != 0 ? stop.exit() : Exit::ok;
}

}  // namespace

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Publishes the MESSAGE arguments to a channel of Redis, or to a queue or an exchange of RabbitMQ. "
        "Without any, each line of stdin is published as one message. A message counts as published once the "
        "broker's answer to it has been read.");
    parser.examples(
        "  hail publish localhost news 'hello'\n"
        "  tail -f app.log | hail publish rediss://logs.example.com app\n"
        "  hail publish localhost - --json < captured.ndjson\n"
        "  hail publish amqp://localhost jobs 'resize 7.png' --declare\n"
        "  hail publish amqp://localhost logs/app.error 'disk full' -H attempt:=3\n");
    parser.argument("ADDRESS", options.address, "The address of the broker");
    parser.argument("CHANNEL", options.channel,
                    "The channel, or QUEUE or EXCHANGE/KEY of RabbitMQ; with --json, - means the channel "
                    "that each line names");
    parser.arguments("MESSAGE", options.messages,
                     "The messages; without any, each line of stdin is one message");
    options::Group group(parser, "Publish options");
    group.flag("-0,--null", options.nul,
               "Expect NUL instead of a newline at the end of each message on stdin");
    group.flag("--whole", options.whole, "Publish all of stdin as one message");
    group.flag("--json", options.json, "Read lines of JSON, as subscribe --json prints them");
    group.flag("--skip-empty", options.skip_empty, "Do not publish empty lines");
    group.number("--window", options.window, "Keep at most N messages unanswered at a time (default 1000)",
                 "HAIL_WINDOW", {.least = 1});
    group.flag("--receivers", options.receivers, "Print how many subscribers received each message");
    group.flag("--request", options.request,
               "Wait for the answer to each message and print it; a program of subscribe --reply gives it");
    group.number("--require-receivers", options.require_receivers,
                 "Report a message that fewer than N subscribers received as an error");
    group.duration("--wait-receivers", options.wait_receivers,
                   "Wait up to this time, before the first message, until somebody is subscribed");
    group.text("--rate", options.rate, "RATE",
               "Publish at most so many messages a second, such as 50/s or 3000/m (default: no limit)");
    group.flag("--fail-fast", options.fail_fast, "Stop reading after the first error reply");
    using OnLost = pubsub::PublishOptions::OnLost;
    group.choice<OnLost>("--on-lost", options.on_lost,
                         {{"stop", OnLost::stop}, {"skip", OnLost::skip}, {"resend", OnLost::resend}},
                         "If the connection breaks, end, or connect again and skip or resend what has no "
                         "answer (default stop)",
                         "HAIL_ON_LOST");
    group.duration("--drain-timeout", options.drain_timeout,
                   "Give up if no answer comes for this long after the end of the input (default 30s)",
                   "HAIL_DRAIN_TIMEOUT");
    options::declare_stream(parser, options.stream);
    options::declare_amqp(parser, options.amqp);
    options::declare_connection(parser, options.connection, options::Peer::broker, options::Digits::are_data);
    options::declare_wait_server(parser, options.connection);
    options::declare_display(parser, options.display, options::Wire::broker, options::Looks::one);
    parser.rules().at_most_one({"null", "whole", "json"});
    parser.rules().exclude({"request"},
                           {"receivers", "require-receivers", "rate", "on-lost", "window", "drain-timeout",
                            "fail-fast", "stream", "declare", "reply-to", "correlation-id"});
    parser.rules().exclude({"stream"}, {"require-receivers", "wait-receivers"});
    parser.rules().needs("retry-max-time", {"retry"});
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    const options::Ask ask = options::ask_on_terminal(stop);
    pubsub::Broker broker = options::broker(options.address, options.connection, ask, stop);
    options::require_fit(options.amqp.link, broker.address);
    broker.amqp = options.amqp.link.connection;
    broker.amqp.name = "hail publish " + base::one_line(options.channel, 60);
    const bool amqp = pubsub::is_amqp(broker.address);
    const pubsub::PublishOptions limits = plan(options);
    check_amqp(options, broker, limits);
    input::Messages messages =
        make_input(options, amqp ? input::MessageMembers::of_rabbitmq : input::MessageMembers::of_redis);
    warn_of_dash(options, console);
    if (options.display.dry_run) {
        return show_bytes(options, broker, messages, limits, console, stop);
    }
    if (amqp && !options.request && !pubsub::keeps_messages(broker, limits)) {
        messages.give_pieces();
    }
    options::unlock_key(broker.connect.tls, ask);
    output::BrokerTrace trace(console);
    broker.connect.tap = trace.tap();
    if (options.wait_receivers) {
        const base::Deadline whole = base::Deadline::after(broker.connect.timeout);
        pubsub::wait_for_receivers(
            broker, options.channel, *options.wait_receivers, whole,
            [&](const std::string& what) { console.warn(what); }, stop);
        broker = options.request ? broker : broker.limited(whole);
    }
    if (messages.reads_terminal()) {
        console.say(options.whole ? "type the message, and end it with Ctrl-D"
                                  : "type one message per line, and end with Ctrl-D");
    }
    if (options.request) {
        return make_requests(broker, limits.amqp, messages, console, stop);
    }
    const auto place = [&](std::uint64_t number) { return messages.place(number); };
    output::CallProgress progress(console, [&] { return messages.share_read(); },
                                  {"message", options.receivers});
    output::PublishReport report(console,
                                 options.receivers ? output::Receivers::print : output::Receivers::hide,
                                 place, messages.reads_terminal() ? nullptr : &progress);
    const pubsub::PublishSummary summary = pubsub::publish(broker, messages, report, limits, stop);
    report.finish(summary);
    tell_counts(summary, place, console, stop);
    return conclude(summary, stop);
}

}  // namespace hail::cli::publish
