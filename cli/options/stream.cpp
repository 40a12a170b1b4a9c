#include "cli/options/stream.h"

#include <unistd.h>

#include <array>

#include "cli/options/group.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;
using From = pubsub::StreamOptions::From;

// Unique, because two consumers of one name would be given each other's entries.
std::string own_name() {
    std::array<char, 256> host{};
    static_cast<void>(::gethostname(host.data(), host.size() - 1));
    return std::string(host.data()) + "-" + std::to_string(::getpid());
}

}  // namespace

void declare_stream(Parser& parser, StreamWriting& options) {
    using Ids = pubsub::StreamAppend::Ids;
    Group group(parser, "Stream options");
    group.flag("--stream", options.stream,
               "Append to Redis streams, which keep their messages, instead of publishing to channels");
    group.number("--maxlen", options.maxlen, "Keep about N entries in the stream (default: all)");
    group.choice<Ids>("--id-from", options.ids, {{"line", Ids::by_tag}, {"json", Ids::given}},
                      "Number the entries by input line, or take the ids of --json, so that a message that "
                      "is already there is not added again (default: the broker makes the ids)");
    parser.rules().needs("maxlen", {"stream"});
    parser.rules().needs("id-from", {"stream"});
    parser.rules().exclude({"stream"}, {"receivers", "request"});
}

void declare_stream(Parser& parser, StreamReading& options) {
    Group group(parser, "Stream options");
    group.flag("--stream", options.stream, "Read Redis streams instead of channels");
    group.text("--group", options.group, "NAME",
               "Read as part of this group, which is made if it is missing, and acknowledge each message "
               "once it is printed, or once its program has succeeded");
    group.text("--consumer", options.consumer, "NAME",
               "The name in the group; a later run with the same name begins with the messages that this "
               "one did not finish (default HOST-PID)");
    group.text("--from", options.from, "start|end|ID",
               "Begin at the start of the stream, at its end, or after this entry; a group that exists "
               "goes on at its own place (default end)");
    group.flag("--until-end", options.until_end, "End after the message that was the last one at the start");
    group.duration("--claim-after", options.claim_after,
                   "Take over messages that a consumer of the group has kept unfinished for this long "
                   "(default 5m)");
    group.number("--max-deliveries", options.max_deliveries,
                 "Give up a message that was delivered N times without success: report and acknowledge it "
                 "(default: never)",
                 "", {.least = 1});
    for (const std::string_view name : {"group", "from", "until-end"}) {
        parser.rules().needs(name, {"stream"});
    }
    for (const std::string_view name : {"consumer", "claim-after", "max-deliveries"}) {
        parser.rules().needs(name, {"group"});
    }
    parser.rules().exclude({"stream"}, {"literal", "overflow", "max-message", "reply"});
}

std::optional<pubsub::StreamAppend> StreamWriting::plan() const {
    return stream ? std::optional(pubsub::StreamAppend{.most = maxlen, .ids = ids}) : std::nullopt;
}

std::shared_ptr<pubsub::StreamState> StreamReading::plan(std::uint64_t count) const {
    if (!stream) {
        return nullptr;
    }
    pubsub::StreamOptions result{.until_end = until_end, .most_deliveries = max_deliveries, .count = count};
    if (!group.empty()) {
        result.consumer = {.group = group, .name = consumer.empty() ? own_name() : consumer};
    }
    if (from == "start" || from == "end") {
        result.from = from == "start" ? From::start : From::end;
    } else {
        const auto id = redis::parse_stream_id(from);
        if (!id) {
            throw Error(Exit::usage, "option --from: '" + base::one_line(from, 60) + "' is not an id",
                        "use start, end, or an id such as 1526919030474-55");
        }
        result.from = From::id;
        result.from_id = *id;
    }
    if (until_end && group.empty() && result.from == From::end) {
        throw Error(Exit::usage, "--until-end needs --from or --group: nothing comes after the end",
                    "use --from start");
    }
    if (claim_after) {
        result.claim_after = *claim_after;
    }
    return std::make_shared<pubsub::StreamState>(result);
}

}  // namespace hail::cli::options
