#include "cli/output/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <set>
#include <utility>

#include "cli/output/json_object.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::cli::output {

namespace {

using base::Error;
using base::Exit;
using std::chrono::system_clock;

constexpr std::array<std::pair<std::string_view, MessagePart>, 10> part_names{{
    {"channel", MessagePart::channel},
    {"pattern", MessagePart::pattern},
    {"payload", MessagePart::payload},
    {"hex", MessagePart::hex},
    {"base64", MessagePart::base64},
    {"length", MessagePart::length},
    {"sequence", MessagePart::sequence},
    {"time", MessagePart::time},
    {"localtime", MessagePart::local_time},
    {"id", MessagePart::id},
}};

constexpr std::array<std::pair<char, char>, 6> escapes{
    {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'0', '\0'}, {'e', '\x1b'}, {'\\', '\\'}}};

MessagePart part_named(std::string_view name) {
    const auto* const found = std::find_if(part_names.begin(), part_names.end(),
                                           [&](const auto& known) { return known.first == name; });
    if (found == part_names.end()) {
        std::string names;
        for (const auto& known : part_names) {
            names += (names.empty() ? "{" : " {") + std::string(known.first) + "}";
        }
        throw Error(Exit::usage,
                    "option --format: '{" + base::one_line(name, 40) + "}' is not a part of a message",
                    "the parts are " + names + "; write {{ for a brace");
    }
    return found->second;
}

char escaped(char c) {
    const auto* const found =
        std::find_if(escapes.begin(), escapes.end(), [&](const auto& known) { return known.first == c; });
    if (found == escapes.end()) {
        throw Error(Exit::usage, "option --format: '\\" + base::one_line({&c, 1}) + "' is not an escape",
                    R"(the escapes are \n \t \r \0 \e and \\)");
    }
    return found->second;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
    const bool text = base::is_utf8(value);
    out += ",\"";
    out += name;
    out += text ? "\":" : "_base64\":\"";
    if (text) {
        json::append_quoted(out, value);
    } else {
        out += base::base64(value);
        out += '"';
    }
}

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

std::string utc_text(system_clock::time_point time) {
    std::string text = second_text(system_clock::to_time_t(time), false);
    append_microseconds(text, time);
    return text + "Z";
}

}  // namespace

std::vector<TemplatePiece> template_of(std::string_view text) {
    std::vector<TemplatePiece> pieces;
    std::string plain;
    const auto end_plain = [&] {
        if (!plain.empty()) {
            pieces.push_back({.text = std::exchange(plain, {})});
        }
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("{{")) {
            plain += '{';
            ++at;
        } else if (rest[0] == '\\' && rest.size() > 1) {
            plain += escaped(rest[1]);
            ++at;
        } else if (rest[0] == '{') {
            const std::string_view name = rest.substr(1, rest.find('}') - 1);
            end_plain();
            pieces.push_back({.part = part_named(rest.find('}') == rest.npos ? "" : name), .text = {}});
            at += name.size() + 1;
        } else {
            plain += rest[0];
        }
    }
    end_plain();
    return pieces;
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
    append_member(out, "channel", message.channel);
    if (message.pattern) {
        append_member(out, "pattern", *message.pattern);
    }
    if (message.id) {
        append_member(out, "id", *message.id);
        out += ",\"deliveries\":" + std::to_string(message.deliveries);
    }
    if (message.fields.empty() || !message.payload.empty()) {
        append_member(out, "payload", message.payload);
    }
    if (!message.fields.empty()) {
        append_fields(out, message.fields);
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
            out += message.id.value_or("");
            break;
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
