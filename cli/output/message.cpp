#include "cli/output/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <set>
#include <utility>

#include "cli/output/amqp_message.h"
#include "cli/output/json_object.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::cli::output {

namespace {

using std::chrono::system_clock;

bool fits_object(std::span<const pubsub::Field> fields) {
    std::set<std::string_view> names;
    return std::all_of(fields.begin(), fields.end(), [&](const pubsub::Field& field) {
        return base::is_utf8(field.name) && base::is_utf8(field.value) && names.insert(field.name).second;
    });
}

void append_fields(std::string& out, std::span<const pubsub::Field> fields) {
    if (fits_object(fields)) {
        JsonObject object;
        for (const pubsub::Field& field : fields) {
            object.text(field.name, field.value);
        }
        out += ",\"fields\":" + object.str();
        return;
    }
    out += ",\"fields_base64\":";
    char before = '[';
    for (const pubsub::Field& field : fields) {
        for (const std::string_view part : {field.name, field.value}) {
            out += before + ('"' + base::base64(part) + '"');
            before = ',';
        }
    }
    out += ']';
}

// The payload, with what else an entry of a stream has.
void append_entry(std::string& out, const pubsub::Message& message) {
    if (message.id) {
        append_text_member(out, "id", *message.id);
        out += ",\"deliveries\":" + std::to_string(message.deliveries);
    }
    if (message.fields.empty() || !message.payload.empty()) {
        append_text_member(out, "payload", message.payload);
    }
    if (!message.fields.empty()) {
        append_fields(out, message.fields);
    }
}

std::string second_text(std::time_t second, bool local) {
    std::tm parts{};
    local ? ::localtime_r(&second, &parts) : ::gmtime_r(&second, &parts);
    std::array<char, 40> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts)};
}

std::string zone_text(std::time_t second) {
    std::tm parts{};
    ::localtime_r(&second, &parts);
    std::array<char, 10> text{};
    std::string zone(text.data(), std::strftime(text.data(), text.size(), "%z", &parts));
    return zone.size() == 5 ? zone.insert(3, ":") : zone;  // RFC 3339 writes +02:00
}

// ".000123"
void append_microseconds(std::string& out, system_clock::time_point time) {
    const auto since = std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
    std::array<char, 7> text{'.'};
    auto rest = static_cast<std::uint32_t>(since % 1'000'000);
    for (std::size_t at = text.size() - 1; at > 0; --at, rest /= 10) {
        text[at] = static_cast<char>('0' + rest % 10);
    }
    out.append(text.data(), text.size());
}

std::string amqp_part(const TemplatePiece& piece, const pubsub::Message& message) {
    switch (piece.part) {
        case MessagePart::exchange:
            return std::string(message.exchange.value_or(""));
        case MessagePart::routing_key:
            return std::string(message.routing_key.value_or(""));
        case MessagePart::queue:
            return std::string(message.queue.value_or(""));
        case MessagePart::redelivered:
            return message.redelivered ? "true" : "false";
        case MessagePart::offset:
            return message.offset ? std::to_string(*message.offset) : std::string();
        case MessagePart::header:
            return std::string(header_of(message, piece.text));
        case MessagePart::property:
            return std::string(property_of(message, piece.text));
        default:
            return {};
    }
}

std::string utc_text(system_clock::time_point time) {
    std::string text = second_text(system_clock::to_time_t(time), false);
    append_microseconds(text, time);
    return text + "Z";
}

}  // namespace

bool MessageFormat::shows_properties() const {
    return is_json() || std::any_of(pieces_.begin(), pieces_.end(), [](const TemplatePiece& piece) {
               return piece.part == MessagePart::header || piece.part == MessagePart::property ||
                      piece.part == MessagePart::id;
           });
}

void MessageFormat::append_time(std::string& out, Zone zone) {
    const std::time_t second = system_clock::to_time_t(time_);
    Second& cached = zone == Zone::utc ? utc_ : local_;
    if (second != cached.at) {
        cached = {second, second_text(second, zone == Zone::local)};
    }
    out += cached.text;
    append_microseconds(out, time_);
    out += zone == Zone::utc ? "Z" : zone_text(second);
}

void MessageFormat::append_json(std::string& out, const pubsub::Message& message) {
    out += "{\"time\":\"";
    append_time(out, Zone::utc);
    out += '"';
    append_text_member(out, "channel", message.channel);
    if (message.pattern) {
        append_text_member(out, "pattern", *message.pattern);
    }
    if (is_amqp(message)) {
        append_amqp_members(out, message);
        append_text_member(out, "payload", message.payload);
    } else {
        append_entry(out, message);
    }
    out += '}';
}

void MessageFormat::append_piece(std::string& out, const TemplatePiece& piece,
                                 const pubsub::Message& message) {
    switch (piece.part) {
        case MessagePart::text:
            out += piece.text;
            break;
        case MessagePart::channel:
            out += message.channel;
            break;
        case MessagePart::pattern:
            out += message.pattern.value_or("");
            break;
        case MessagePart::payload:
            out += message.payload;
            break;
        case MessagePart::hex:
            for (const char c : message.payload) {
                base::append_hex(out, c);
            }
            break;
        case MessagePart::base64:
            out += base::base64(message.payload);
            break;
        case MessagePart::length:
            out += std::to_string(message.payload.size());
            break;
        case MessagePart::sequence:
            out += std::to_string(sequence_);
            break;
        case MessagePart::time:
            append_time(out, Zone::utc);
            break;
        case MessagePart::local_time:
            append_time(out, Zone::local);
            break;
        case MessagePart::id:
            out += id_of(message);
            break;
        default:
            out += amqp_part(piece, message);
    }
}

void MessageFormat::append(std::string& out, const pubsub::Message& message) {
    ++sequence_;
    if (form_ == MessageForm::json || form_ == MessageForm::by_template) {
        time_ = message.time.value_or(system_clock::now());
    }
    switch (form_) {
        case MessageForm::json:
            append_json(out, message);
            break;
        case MessageForm::by_template:
            for (const TemplatePiece& piece : pieces_) {
                append_piece(out, piece, message);
            }
            break;
        case MessageForm::with_channel:
            out += message.channel;
            out += ": ";
            [[fallthrough]];
        case MessageForm::payload:
            out += message.payload;
            break;
    }
    if (!message.more) {
        append_end(out);
    }
}

void MessageFormat::append_gap(std::string& out, const pubsub::Gap& gap) const {
    JsonObject event;
    event.text("event", "gap");
    event.text("from", utc_text(gap.from));
    event.text("to", utc_text(gap.to));
    event.number("ms", static_cast<std::uint64_t>(gap.duration.count()));
    event.text("reason", gap.reason);
    out += event.str() + end_;
}

void MessageFormat::append_missing(std::string& out, const pubsub::Missing& missing) const {
    using Why = pubsub::Missing::Why;
    JsonObject event;
    event.text("event", "missing");
    event.text("why", missing.why == Why::trimmed   ? "trimmed"
                      : missing.why == Why::deleted ? "deleted"
                                                    : "given-up");
    event.text("channel", missing.channel);
    if (missing.why == Why::trimmed && missing.count) {
        event.number("count", *missing.count);
    }
    event.text(missing.why == Why::trimmed ? "after" : "id", missing.id);
    if (missing.why == Why::given_up) {
        event.number("deliveries", missing.deliveries);
    }
    out += event.str() + end_;
}

std::string summary_text(const pubsub::SubscribeSummary& summary, std::chrono::steady_clock::duration time) {
    const auto whole = std::chrono::duration_cast<base::Milliseconds>(time);
    const double rate = whole.count() == 0 ? 0.0
                                           : static_cast<double>(summary.received) * 1000.0 /
                                                 static_cast<double>(whole.count());
    std::array<char, 32> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.*f", rate < 100 ? 1 : 0, rate));
    return "received " + std::to_string(summary.received) +
           (summary.received == 1 ? " message in " : " messages in ") + base::format_duration(whole) + " (" +
           text.data() + " a second)" +
           (summary.gaps == 0 ? ""
                              : ", " + std::to_string(summary.gaps) + (summary.gaps == 1 ? " gap" : " gaps"));
}

std::string missing_text(const pubsub::Missing& missing) {
    using Why = pubsub::Missing::Why;
    const std::string of = " of '" + base::one_line(missing.channel, 60) + "' ";
    const std::string id(missing.id);
    switch (missing.why) {
        case Why::trimmed:
            break;
        case Why::deleted:
            return "entry " + id + of + "is lost: it was deleted before it was handled";
        case Why::given_up:
            return "entry " + id + of + "is given up after " + std::to_string(missing.deliveries) +
                   (missing.deliveries == 1 ? " delivery" : " deliveries");
    }
    const std::string count = missing.count ? std::to_string(*missing.count) : "some";
    return count + (missing.count == 1U ? " entry" : " entries") + of + (missing.count == 1U ? "is" : "are") +
           " lost: removed from the stream before being read, after " + id;
}

std::string gap_text(const pubsub::Gap& gap) {
    return "connected again after " + base::format_duration(gap.duration) +
           (gap.lost ? "; messages published meanwhile are lost" : "; nothing was missed");
}

}  // namespace hail::cli::output
