#include "cli/commands/subscribe.h"

#include <algorithm>
#include <chrono>

#include "cli/options/broker.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/program.h"
#include "cli/output/broker_trace.h"
#include "cli/output/message_printer.h"
#include "cli/output/program_sink.h"
#include "cli/output/subscription_report.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/answer_publisher.h"
#include "lib/pubsub/subscribe.h"

namespace hail::cli::subscribe {

using base::Error;
using base::Exit;

namespace {

output::MessageFormat format_of(const Options& options, const pubsub::Subscriptions& names,
                                const output::Console& console) {
    const char end = options.nul ? '\0' : '\n';
    if (options.json) {
        return {output::MessageForm::json, end};
    }
    if (!options.format.empty()) {
        return {output::MessageForm::by_template, end, output::template_of(options.format)};
    }
    // A person who follows several channels must see which one a message is from.
    const bool several = names.channels.size() + names.patterns.size() > 1 || !names.patterns.empty();
    return {
        console.to_terminal() && several ? output::MessageForm::with_channel : output::MessageForm::payload,
        end};
}

pubsub::SubscribeOptions plan(const Options& options) {
    return {.count = options.count,
            .duration = options.duration,
            .first_within = options.first_within,
            .reconnect = !options.no_reconnect,
            .fail_on_gap = options.fail_on_gap,
            .subscriber = {.envelopes = options.reply,
                           .max_message = options.max_message,
                           .stream = options.stream.plan(options.count),
                           .amqp = options.amqp.plan(options.program.empty() ? 0 : options.jobs)}};
}

void receive(const pubsub::Broker& broker, const pubsub::Subscriptions& names, pubsub::SubscribeSink& sink,
             const pubsub::SubscribeOptions& limits, output::Console& console, bool stats, base::Stop& stop) {
    const auto begin = std::chrono::steady_clock::now();
    pubsub::SubscribeSummary summary;
    const auto say_summary = [&] {
        if (stats || stop.raised() != 0) {
            console.say(output::summary_text(summary, std::chrono::steady_clock::now() - begin));
        }
    };
    try {
        pubsub::subscribe(broker, names, sink, limits, stop, summary);
    } catch (const Error&) {
        say_summary();
        throw;
    }
    say_summary();
}

// RabbitMQ keeps the messages that wait here, unless it has forgotten them.
bool broker_waits(const Options& options, const net::Address& address) {
    return options.stream.stream ||
           (pubsub::is_amqp(address) && options.amqp.ack != pubsub::AmqpConsuming::Ack::delivery);
}

void check_amqp(const Options& options, const net::Address& address, output::Console& console) {
    using Ack = pubsub::AmqpConsuming::Ack;
    options::require_fit(options.amqp.link, address);
    if (!pubsub::is_amqp(address)) {
        return;
    }
    options.amqp.require_sense(options.channels);
    if (options.overflow_is_typed && broker_waits(options, address)) {
        throw Error(Exit::usage, "--overflow needs --ack delivery",
                    "RabbitMQ keeps the messages until this reader takes more");
    }
    const pubsub::AmqpConsuming consuming = plan(options).subscriber.amqp;
    const std::uint64_t most = consuming.prefetch;
    const bool ends_before = options.count != 0 && options.count <= most;
    if (options.amqp.ack == Ack::never && most > 0 && !ends_before) {
        console.warn("with --ack never, the broker sends " +
                     (most == 1 ? "one message" : std::to_string(most) + " messages") +
                     " and no more; --prefetch changes the number");
    }
    if (std::any_of(options.channels.begin(), options.channels.end(), options::looks_like_glob)) {
        console.warn(
            "? and [ stand for themselves in a key of RabbitMQ: * is one word, # any number of words");
    }
    if (!consuming.queue.empty() && consuming.bound.expires && !options.amqp.expires) {
        console.say("the broker deletes the queue '" + base::one_line(options.amqp.queue_name, 60) +
                    "' after an hour without a reader; --expires changes the time");
    }
}

template <typename Sink>
Exit finish(const Options& options, const Sink& sink, output::Console& console, const base::Stop& stop) {
    if (!sink.idle()) {
        throw Error(stop.exit(), "stopped by a second signal: messages that were received are not handled");
    }
    if (sink.dropped() > 0) {
        const std::string what =
            std::to_string(sink.dropped()) + " messages were dropped, because the reader was too slow";
        if (options.fail_on_gap) {
            throw Error(Exit::unknown, what);
        }
        console.warn(what);
    }
    return stop.raised() != 0 ? stop.exit() : Exit::ok;
}

void declare_printing(options::Group& group, Options& options) {
    group.flag("--literal", options.literal, "Treat *, ? and [ in channels as ordinary characters");
    group.flag("--json", options.json,
               "Print one JSON object per message: time, channel, pattern, payload or payload_base64, and "
               "more if the broker has more");
    group.text(
        "--format", options.format, "TEMPLATE",
        "Print each message as TEMPLATE, with {time} {localtime} {channel} {pattern} {payload} {hex} "
        "{base64} {length} {sequence} {id}, for RabbitMQ {exchange} {routing_key} {queue} {redelivered} "
        "{offset} {header:NAME} {property:NAME}, and \\n \\t \\0");
    group.flag("-0,--null", options.nul, "End each message with NUL instead of a newline");
    group.flag("--events", options.events,
               "With --json, also print an object for each gap, in its place among the messages");
    group.flag("--append", options.append, "Add to the file of -o, which must otherwise be new or empty");
    group.size("--max-message", options.max_message,
               "Skip messages larger than this, with a warning (default 512M)", "HAIL_MAX_MESSAGE");
    group.size("--queue", options.queue,
               "Keep at most this many bytes in memory for a slow reader of the output (default 64M)",
               "HAIL_QUEUE");
    group.choice<output::Overflow>(
        "--overflow", options.overflow,
        {{"spool", output::Overflow::spool},
         {"drop-oldest", output::Overflow::drop_oldest},
         {"stop", output::Overflow::stop}},
        "If the queue is full, go on in a temporary file, drop the oldest messages, "
        "or end with exit 8 (default spool)",
        "HAIL_OVERFLOW");
}

void declare_programs(options::Group& group, Options& options) {
    group.program("exec", options.program,
                  "Run a program for each message, with the payload on its stdin; all words after --exec "
                  "belong to it");
    group.number(
        "--jobs", options.jobs,
        "Run at most N programs at once; those of one channel run one by one, unless it is a named queue of "
        "RabbitMQ (default 1)",
        "", {.least = 1, .most = 1000});
    group.flag("--reply", options.reply,
               "Answer each request of publish --request with the output of its program");
}

}  // namespace

output::Display Options::console_display() const {
    output::Display result = display;
    result.opening = append ? output::OutputFile::Opening::append : output::OutputFile::Opening::create;
    return result;
}

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
        "Subscribes to channels of Redis, or to queues and exchanges of RabbitMQ, and prints each message, "
        "followed by a newline. A CHANNEL of Redis that contains *, ? or [ is a pattern. Only messages go to "
        "stdout.");
    parser.examples(
        "  hail subscribe localhost news\n"
        "  hail subscribe localhost 'news.*' alerts --json\n"
        "  hail subscribe localhost jobs --count 1 --first-within 10s\n"
        "  hail subscribe amqp://localhost jobs --exec ./work\n"
        "  hail subscribe amqp://localhost 'logs/app.#' --json\n");
    parser.argument("ADDRESS", options.address, "The address of the broker");
    parser.arguments("CHANNEL", options.channels,
                     "Channels, or patterns if they contain *, ? or [; for RabbitMQ, QUEUE or EXCHANGE/KEY");
    options::Group group(parser, "Subscribe options");
    declare_printing(group, options);
    declare_programs(group, options);
    group.flag("--no-reconnect", options.no_reconnect, "End with exit 8 when the connection is lost");
    group.flag("--fail-on-gap", options.fail_on_gap,
               "End with exit 8 when messages may have been lost: after a lost connection, or dropped");
    group.flag("--stats", options.stats, "Say at the end how many messages came, and how fast");
    group.number("--count", options.count, "End after N messages (default: no limit)", "HAIL_COUNT",
                 {.least = 1});
    group.duration("--for", options.duration, "End after this time (default: no limit)");
    group.duration("--first-within", options.first_within,
                   "Fail if no message arrives within this time after subscribing (default: no limit)");
    group.text("--ready-fd", options.ready_fd, "NUMBER",
               "Write 'ready' to this open descriptor once every subscription is confirmed");
    options::declare_stream(parser, options.stream);
    options::declare_amqp(parser, options.amqp);
    options::declare_connection(parser, options.connection, options::Peer::broker,
                                options::Digits::are_options);
    options::declare_wait_server(parser, options.connection);
    options::declare_display(parser, options.display, options::Wire::broker);
    parser.note_if_typed("overflow", options.overflow_is_typed);
    parser.rules().at_most_one({"json", "format", "exec"});
    parser.rules().exclude({"exec"}, {"null", "output"});
    parser.rules().needs("events", {"json"});
    parser.rules().needs("jobs", {"exec"});
    parser.rules().needs("reply", {"exec"});
    parser.rules().needs("append", {"output"});
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    if (options.channels.empty()) {
        throw Error(Exit::usage, "reading the command line: missing CHANNEL",
                    "name at least one channel, or a pattern such as 'news.*'");
    }
    const options::Ask ask = options::ask_on_terminal(stop);
    pubsub::Broker broker = options::broker(options.address, options.connection, ask, stop);
    check_amqp(options, broker.address, console);
    broker.amqp = options.amqp.link.connection;
    broker.amqp.name = "hail subscribe " + base::one_line(base::join(options.channels, " "), 60);
    const bool amqp = pubsub::is_amqp(broker.address);
    const bool literal = options.literal || options.stream.stream || amqp;
    const pubsub::Subscriptions names =
        sort_names(options.channels, literal ? Globs::are_literal : Globs::are_patterns);
    const pubsub::SubscribeOptions limits = plan(options);
    if (options.display.dry_run) {
        const std::string bytes = pubsub::subscriber_bytes(broker, names, limits.subscriber);
        console.write(console.to_terminal() ? base::printable(bytes) : bytes);
        return Exit::ok;
    }
    options::unlock_key(broker.connect.tls, ask);
    output::BrokerTrace trace(console);
    broker.connect.tap = trace.tap();
    const auto conclude = [&](const auto& sink) { return finish(options, sink, console, stop); };
    const output::ReadySignal ready(options.ready_fd);
    // A broker that waits for a slow reader never overflows the queue.
    const auto overflow = broker_waits(options, broker.address) ? output::Overflow::spool : options.overflow;
    const std::string what =
        output::subscriptions_text(names, limits.subscriber.stream ? "stream" : "channel");
    output::Backlog backlog(options.queue, overflow, options::spool_directory());
    if (!options.program.empty()) {
        std::vector<std::string> words = options.program;
        words.front() = options::find_program(words.front());
        output::ProgramSink sink(console, std::move(words), options.jobs, ready, what, std::move(backlog));
        pubsub::AnswerPublisher answers(broker, stop, [&](const std::string& why) { console.warn(why); });
        if (options.reply) {
            using Failure = output::ProgramSink::AnsweredFailure;
            sink.answer_with(
                [&](const pubsub::Message& answer, const std::function<void()>& keep_alive) {
                    answers.publish(answer, keep_alive);
                },
                options.amqp.has_typed("--on-failure") ? Failure::is_failed : Failure::is_handled);
        }
        receive(broker, names, sink, limits, console, options.stats, stop);
        const Exit programs = sink.failed() > 0 ? Exit::unexpected : Exit::ok;
        const Exit told = answers.lost() > 0 ? Exit::unknown : Exit::ok;
        return base::worse(base::worse(programs, told), conclude(sink));
    }
    output::MessagePrinter sink(
        console, format_of(options, names, console), ready, what, std::move(backlog),
        options.events ? output::MessagePrinter::Events::in_band : output::MessagePrinter::Events::on_stderr);
    receive(broker, names, sink, limits, console, options.stats, stop);
    return conclude(sink);
}

}  // namespace hail::cli::subscribe
