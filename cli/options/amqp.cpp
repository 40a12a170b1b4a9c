#include "cli/options/amqp.h"

#include <algorithm>

#include "cli/options/group.h"
#include "lib/amqp/channel_name.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/pubsub/broker.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

constexpr const char* amqp_heading = "RabbitMQ options";

void declare_link(Parser& parser, Group& group, AmqpLink& options) {
    using Auth = pubsub::AmqpConnection::Auth;
    using Type = pubsub::AmqpDeclaration::QueueType;
    group.choice<Type>("--queue-type", options.queue_type,
                       {{"classic", Type::classic}, {"quorum", Type::quorum}, {"stream", Type::stream}},
                       "The type of a queue that is created (default: the broker's)");
    group.list(
        "--argument", options.arguments, "NAME:=JSON",
        "An argument of the queue or exchange that is created, such as x-max-length:=1000; can be repeated");
    group.choice<Auth>("--auth", options.connection.auth,
                       {{"plain", Auth::plain}, {"external", Auth::external}},
                       "Log in with user and password, or with the client certificate (default: with the "
                       "certificate if there is one and no user)");
    group.duration("--heartbeat", options.connection.heartbeat,
                   "Check the connection this often; 0 means never (default: as the broker proposes)",
                   "HAIL_HEARTBEAT");
    parser.collect_typed({"declare", "queue-type", "argument", "auth", "heartbeat"}, options.typed);
}

void declare_properties(Group& group, AmqpWriting& options) {
    group.list("-H,--header", options.headers, "NAME:VALUE",
               "Send this header, a text; NAME:=JSON sends a number, a list or another type");
    group.text("--content-type", options.content_type, "TYPE", "The type of the payload, such as text/plain");
    group.text("--content-encoding", options.content_encoding, "ENCODING",
               "The encoding of the payload, such as gzip");
    group.number("--priority", options.priority, "The priority of the messages, 0 to 255", {.most = 255});
    group.duration("--expiration", options.expiration,
                   "Let the broker discard a message that nobody has read after this time");
    group.text("--correlation-id", options.correlation_id, "ID", "The id that an answer repeats");
    group.text("--reply-to", options.reply_to, "QUEUE", "The queue for the answer");
    group.text("--message-id", options.message_id, "ID",
               "The id of the message; auto makes one of the run and the number of the message");
    group.text("--timestamp", options.timestamp, "now|SECONDS",
               "The time of the message, in seconds since 1970");
    group.text("--type", options.type, "TYPE", "The kind of message, for the receiver");
    group.text("--app-id", options.app_id, "ID", "The name of the sending application");
    group.text("--user-id", options.user_id, "USER", "The user who sends; the broker checks it");
    group.flag("--keep-user-id", options.keep_user_id, "With --json, send the user_id of each line too");
    group.flag("--transient", options.transient,
               "Do not ask the broker to write the messages to disk (default: it is asked to)");
}

[[noreturn]] void reject_header(std::string_view option, std::string_view typed, const std::string& why,
                                const std::string& hint) {
    throw Error(Exit::usage, "option " + std::string(option) + ": '" + base::one_line(typed, 60) + "' " + why,
                hint);
}

// The offset of the colon that ends the name; a backslash makes one part of the name.
std::size_t find_separator(std::string_view typed) {
    for (std::size_t at = 0; at < typed.size(); ++at) {
        if (typed[at] == '\\' && at + 1 < typed.size() && typed[at + 1] == ':') {
            ++at;
        } else if (typed[at] == ':') {
            return at;
        }
    }
    return typed.npos;
}

std::string without_escapes(std::string_view name) {
    std::string result;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (!name.substr(at).starts_with("\\:")) {
            result += name[at];
        }
    }
    return result;
}

// Short strings of the protocol.
void require_short(std::string_view option, std::string_view value) {
    constexpr std::size_t most = 255;
    if (value.size() > most) {
        throw Error(
            Exit::usage,
            "option " + std::string(option) + ": the value has " + std::to_string(value.size()) + " bytes",
            "AMQP allows at most 255 bytes");
    }
}

std::vector<pubsub::OwnedField> parse_headers(std::string_view option,
                                              const std::vector<std::string>& typed) {
    std::vector<pubsub::OwnedField> headers;
    headers.reserve(typed.size());
    for (const std::string& header : typed) {
        headers.push_back(parse_header(option, header));
    }
    return headers;
}

bool names_exchange(std::string_view channel) {
    return !amqp::parse_channel(channel).is_queue();
}

bool has_argument(const std::vector<pubsub::OwnedField>& arguments, std::string_view name) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [&](const pubsub::OwnedField& argument) { return argument.name == name; });
}

[[noreturn]] void reject_both(const std::string& option, const std::string& argument) {
    throw Error(Exit::usage, option + " and --argument " + argument + " cannot be combined");
}

}  // namespace

void declare_amqp(Parser& parser, AmqpWriting& options) {
    Group group(parser, amqp_heading);
    declare_properties(group, options);
    group.flag("--allow-unroutable", options.allow_unroutable,
               "Accept that no queue gets a message (default: that is an error)");
    group.flag("--declare", options.link.declare, "Create the queue, or the exchange, if it is missing");
    group.text("--exchange-type", options.exchange_type, "TYPE",
               "The type of the exchange that --declare creates: direct, fanout, topic or headers");
    declare_link(parser, group, options.link);
    for (const std::string_view name : {"exchange-type", "queue-type", "argument"}) {
        parser.rules().needs(name, {"declare"});
    }
    parser.rules().needs("keep-user-id", {"json"});
    parser.collect_typed({"header", "content-type", "content-encoding", "priority", "expiration",
                          "correlation-id", "reply-to", "message-id", "timestamp", "type", "app-id",
                          "user-id", "keep-user-id", "transient", "allow-unroutable", "exchange-type"},
                         options.link.typed);
    parser.collect_typed({"stream", "maxlen", "id-from", "receivers", "require-receivers"},
                         options.link.typed_redis);
}

void declare_amqp(Parser& parser, AmqpReading& options) {
    Group group(parser, amqp_heading);
    using Ack = pubsub::AmqpConsuming::Ack;
    using OnFailure = pubsub::AmqpConsuming::OnFailure;
    using Match = pubsub::AmqpConsuming::Match;
    group.number("--prefetch", options.prefetch,
                 "Let the broker send at most N messages ahead of their acknowledgement (default 1000, and "
                 "with --exec the number of --jobs); 0 means no limit",
                 {.most = 65'535});
    group.choice<Ack>(
        "--ack", options.ack, {{"output", Ack::output}, {"delivery", Ack::delivery}, {"never", Ack::never}},
        "Acknowledge a message when it is written or its program has succeeded; when the broker sends it, so "
        "that those it has sent beyond --count are lost; or not at all, so that it stays in the queue "
        "(default output)");
    group.choice<OnFailure>(
        "--on-failure", options.on_failure,
        {{"stop", OnFailure::stop}, {"requeue", OnFailure::requeue}, {"reject", OnFailure::reject}},
        "If the program of --exec fails, end, put the message back, or reject it "
        "(default stop)");
    group.text("--queue-name", options.queue_name, "NAME",
               "Collect the messages of EXCHANGE/KEY in this durable queue, which stays when hail ends");
    group.duration("--expires", options.expires,
                   "Let the broker delete the queue of --queue-name after this time without a reader "
                   "(default 1h)");
    group.flag("--declare", options.link.declare, "Create the queue, or the exchange, if it is missing");
    group.flag("--exclusive", options.exclusive, "Be the only reader of the queue, or fail");
    group.text("--offset", options.offset, "first|last|next|N|DURATION|TIME",
               "Begin reading a stream queue there (default next: only new messages)");
    group.list(
        "--bind-header", options.bind_headers, "NAME:VALUE",
        "Receive the messages with this header from a headers exchange; NAME:=JSON as for -H of publish");
    group.choice<Match>("--match", options.match, {{"all", Match::all}, {"any", Match::any}},
                        "Whether a message must have all headers of --bind-header, or one (default all)");
    group.text("--consumer-tag", options.consumer_tag, "TAG",
               "The name by which the broker lists this reader");
    declare_link(parser, group, options.link);
    for (const std::string_view name : {"queue-type", "argument"}) {
        parser.rules().needs(name, {"declare", "queue-name"});
    }
    parser.rules().needs("expires", {"queue-name"});
    parser.rules().needs("on-failure", {"exec"});
    parser.rules().needs("match", {"bind-header"});
    parser.collect_typed({"prefetch", "ack", "on-failure", "queue-name", "expires", "exclusive", "offset",
                          "bind-header", "match", "consumer-tag"},
                         options.link.typed);
    parser.collect_typed(
        {"stream", "group", "consumer", "from", "until-end", "claim-after", "max-deliveries", "literal"},
        options.link.typed_redis);
}

void require_fit(const AmqpLink& options, const net::Address& address) {
    const bool amqp = pubsub::is_amqp(address);
    const std::vector<std::string>& strange = amqp ? options.typed_redis : options.typed;
    if (strange.empty()) {
        return;
    }
    const std::string& option = strange.front();
    if (!amqp) {
        throw Error(Exit::usage, option + " is only for RabbitMQ, and " + net::display(address) + " is Redis",
                    "an address of RabbitMQ begins with amqp:// or amqps://");
    }
    throw Error(Exit::usage, option + " is only for Redis, and " + net::display(address) + " is RabbitMQ",
                option == "--stream" || option == "--from"
                    ? "a stream of RabbitMQ is a queue; --offset says where to begin"
                    : "an address of Redis begins with redis:// or rediss://");
}

bool looks_like_glob(std::string_view channel) {
    return names_exchange(channel) && channel.find_first_of("?[") != channel.npos;
}

void AmqpWriting::require_sense(const std::string& channel) const {
    const bool exchange = names_exchange(channel);
    if (exchange && link.queue_type != pubsub::AmqpDeclaration::QueueType::unspecified) {
        throw Error(Exit::usage, "--queue-type needs a CHANNEL that is a queue",
                    "--declare makes only the exchange of EXCHANGE/KEY; --exchange-type is for that");
    }
    if (!exchange && !exchange_type.empty()) {
        throw Error(Exit::usage, "--exchange-type needs a CHANNEL such as EXCHANGE/KEY",
                    "--declare makes a queue here; --queue-type is for that");
    }
    if (link.declare && !base::is_utf8(channel)) {
        throw Error(Exit::usage, "channel '" + base::one_line(channel, 60) +
                                     "': the name is not UTF-8, and RabbitMQ declares no such names");
    }
}

bool AmqpReading::has_typed(std::string_view option) const {
    return std::find(link.typed.begin(), link.typed.end(), option) != link.typed.end();
}

void AmqpReading::require_sense(const std::vector<std::string>& channels) const {
    if (std::none_of(channels.begin(), channels.end(), names_exchange)) {
        if (!queue_name.empty()) {
            throw Error(Exit::usage, "--queue-name needs a CHANNEL such as EXCHANGE/KEY",
                        "a queue alone is the CHANNEL itself");
        }
        if (!bind_headers.empty()) {
            throw Error(Exit::usage, "--bind-header needs a CHANNEL such as EXCHANGE/",
                        "the bindings of a queue are not changed");
        }
    }
    if (queue_name.empty() && std::all_of(channels.begin(), channels.end(), names_exchange)) {
        for (const std::string_view option : {"--queue-type", "--argument", "--offset"}) {
            if (has_typed(option)) {
                throw Error(Exit::usage,
                            std::string(option) + " needs --queue-name, or a CHANNEL that is a queue",
                            "the temporary queue of EXCHANGE/KEY is always of the same form");
            }
        }
    }
    if (expires && expires->count() == 0) {
        throw Error(Exit::usage, "option --expires: a queue cannot expire after 0 s",
                    "the time begins when nobody reads from the queue any more");
    }
    if (has_typed("--on-failure") && ack != pubsub::AmqpConsuming::Ack::output) {
        throw Error(Exit::usage, "--on-failure needs --ack output",
                    "the broker learns of a failure only instead of an acknowledgement");
    }
}

pubsub::AmqpDeclaration AmqpLink::declaration() const {
    pubsub::AmqpDeclaration result{.queue_type = queue_type,
                                   .arguments = parse_headers("--argument", arguments)};
    if (queue_type != pubsub::AmqpDeclaration::QueueType::unspecified &&
        has_argument(result.arguments, "x-queue-type")) {
        reject_both("--queue-type", "x-queue-type");
    }
    return result;
}

pubsub::AmqpPublishing AmqpWriting::plan() const {
    using Plan = pubsub::AmqpPublishing;
    Plan plan{.properties = properties(),
              .headers = parse_headers("-H", headers),
              .transient = transient,
              .allow_unroutable = allow_unroutable,
              .keep_user_id = keep_user_id,
              .timestamp_now = timestamp == "now",
              .message_ids = message_id == "auto" ? Plan::MessageIds::automatic : Plan::MessageIds::given};
    if (link.declare) {
        plan.declare = link.declaration();
        if (!exchange_type.empty()) {
            plan.declare->exchange_type = exchange_type;
        }
    }
    return plan;
}

std::vector<pubsub::OwnedField> AmqpWriting::properties() const {
    std::vector<pubsub::OwnedField> result;
    const auto text = [&](const char* name, const char* option, const std::optional<std::string>& value) {
        if (value) {
            require_short(option, *value);
            result.push_back({name, *value});
        }
    };
    const auto number = [&](const char* name, const std::string& value) {
        result.push_back({name, value, pubsub::Field::Kind::json});
    };
    text("content_type", "--content-type", content_type);
    text("content_encoding", "--content-encoding", content_encoding);
    text("correlation_id", "--correlation-id", correlation_id);
    text("reply_to", "--reply-to", reply_to);
    if (message_id != "auto") {
        text("message_id", "--message-id", message_id);
    }
    text("type", "--type", type);
    text("app_id", "--app-id", app_id);
    text("user_id", "--user-id", user_id);
    if (priority) {
        number("priority", std::to_string(*priority));
    }
    if (expiration) {
        result.push_back({"expiration", std::to_string(expiration->count())});
    }
    if (timestamp && timestamp != "now") {
        if (!base::parse_number(*timestamp)) {
            throw Error(
                Exit::usage,
                "option --timestamp: '" + base::one_line(*timestamp, 60) + "' is not a number of seconds",
                "write now, or the seconds since 1970");
        }
        number("timestamp", *timestamp);
    }
    return result;
}

pubsub::AmqpConsuming AmqpReading::plan(std::uint64_t programs) const {
    constexpr base::Milliseconds hour(3'600'000);
    if (!offset.empty()) {
        static_cast<void>(pubsub::parse_offset(offset));
    }
    require_short("--queue-name", queue_name);
    require_short("--consumer-tag", consumer_tag);
    pubsub::AmqpConsuming plan{.ack = ack,
                               .on_failure = on_failure,
                               .offset = offset,
                               .queue = queue_name,
                               .exclusive = exclusive,
                               .consumer_tag = consumer_tag,
                               .bind_headers = parse_headers("--bind-header", bind_headers),
                               .match = match};
    // More would be withheld from other readers while a program works on the first one.
    plan.prefetch = static_cast<std::uint16_t>(prefetch.value_or(programs == 0 ? plan.prefetch : programs));
    if (link.declare) {
        plan.declare = link.declaration();
    }
    if (!queue_name.empty()) {
        plan.bound = link.declaration();
        if (!has_argument(plan.bound.arguments, "x-expires")) {
            plan.bound.expires = expires.value_or(hour);
        } else if (expires) {
            reject_both("--expires", "x-expires");
        }
    }
    return plan;
}

pubsub::OwnedField parse_header(std::string_view option, std::string_view typed) {
    constexpr const char* forms = "write NAME:VALUE for a text, or NAME:=JSON for any other type";
    const std::size_t at = find_separator(typed);
    if (at == typed.npos) {
        reject_header(option, typed, "has no colon after the name", forms);
    }
    pubsub::OwnedField header{.name = without_escapes(typed.substr(0, at)), .value = {}};
    if (header.name.empty()) {
        reject_header(option, typed, "has no name", forms);
    }
    if (header.name.size() > 255) {
        reject_header(option, typed, "has a name of " + std::to_string(header.name.size()) + " bytes",
                      "AMQP allows at most 255 bytes");
    }
    std::string_view value = typed.substr(at + 1);
    if (value.starts_with('=')) {
        header.kind = pubsub::Field::Kind::json;
        value.remove_prefix(1);
        if (const auto problem = json::check(value)) {
            reject_header(option, typed,
                          "is not JSON at column " + std::to_string(at + 3 + problem->offset) + ": " +
                              std::string(problem->what),
                          "quote text as " + base::one_line(header.name, 40) + ":TEXT");
        }
    }
    header.value = base::trim(value);
    return header;
}

}  // namespace hail::cli::options
