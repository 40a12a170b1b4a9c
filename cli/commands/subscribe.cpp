#include "cli/commands/subscribe.h"

#include "cli/options/broker.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/output/message_printer.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/pubsub/subscribe.h"

namespace hail::cli::subscribe {

using base::Error;
using base::Exit;

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
        "Subscribes to channels and prints each message, followed by a newline. A CHANNEL that contains *, ? "
        "or [ is a pattern. Only messages go to stdout.");
    parser.examples(
        "  hail subscribe localhost news\n"
        "  hail subscribe localhost 'news.*' alerts --json\n"
        "  hail subscribe localhost jobs --count 1 --first-within 10s\n");
    parser.argument("ADDRESS", options.address, "The address of the broker");
    parser.arguments("CHANNEL", options.channels, "Channels, or patterns if they contain *, ? or [");
    options::Group group(parser, "Subscribe options");
    group.flag("--literal", options.literal, "Treat *, ? and [ in channels as ordinary characters");
    group.flag("--json", options.json,
               "Print one JSON object per message: time, channel, pattern, payload or payload_base64");
    group.flag("-0,--null", options.nul, "End each message with NUL instead of a newline");
    group.number("--count", options.count, "End after N messages (default: no limit)", "HAIL_COUNT",
                 {.least = 1});
    group.duration("--for", options.duration, "End after this time (default: no limit)");
    group.duration("--first-within", options.first_within,
                   "Fail if no message arrives within this time after subscribing (default: no limit)");
    group.text("--ready-fd", options.ready_fd, "NUMBER",
               "Write 'ready' to this open descriptor once every subscription is confirmed");
    options::declare_connection(parser, options.connection, options::Peer::broker,
                                options::Digits::are_options);
    options::declare_display(parser, options.display);
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    if (options.channels.empty()) {
        throw Error(Exit::usage, "reading the command line: missing CHANNEL",
                    "name at least one channel, or a pattern such as 'news.*'");
    }
    const options::Ask ask = options::ask_on_terminal(stop);
    pubsub::Broker broker = options::broker(options.address, options.connection, ask, stop);
    const pubsub::Subscriptions names =
        sort_names(options.channels, options.literal ? Globs::are_literal : Globs::are_patterns);
    if (options.display.dry_run) {
        const std::string bytes = pubsub::subscriber_bytes(broker.address, names);
        console.write(console.to_terminal() ? base::printable(bytes) : bytes);
        return Exit::ok;
    }
    options::unlock_key(broker.connect.tls, ask);
    const output::MessageFormat format(
        options.json ? output::MessageForm::json : output::MessageForm::payload, options.nul ? '\0' : '\n');
    output::MessagePrinter printer(console, format, output::ReadySignal(options.ready_fd),
                                   names.channels.size() + names.patterns.size());
    const pubsub::SubscribeOptions limits{
        .count = options.count, .duration = options.duration, .first_within = options.first_within};
    pubsub::subscribe(broker, names, printer, limits, stop);
    if (options.count == 0 && !options.duration) {
        console.finish();  // only a signal ends such a run
    }
    return stop.raised() != 0 ? stop.exit() : Exit::ok;
}

}  // namespace hail::cli::subscribe
