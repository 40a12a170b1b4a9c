#include "cli/output/answers.h"

#include <array>
#include <charconv>

#include "cli/output/json_object.h"
#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::cli::output {

namespace {

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 24> digits{};
    const auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    static_cast<void>(problem);  // 24 bytes hold every 64-bit number
    out.append(digits.data(), end);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    std::string text;
    append_number(text, count);
    text += ' ';
    text += count == 1 ? one : many;
    return text;
}

void add_if_any(std::string& text, std::uint64_t count, std::string_view one, std::string_view many) {
    if (count > 0) {
        text += ", " + counted(count, one, many);
    }
}

void append_object(std::string& out, const bulk::Answer& answer) {
    out += "{\"i\":";
    append_number(out, answer.index);
    if (!answer.is_notification()) {
        out += ",\"id\":";
        out += answer.id;
    }
    const bool has_reply = answer.outcome == bulk::Outcome::ok || answer.outcome == bulk::Outcome::error;
    if (!has_reply) {
        out += ",\"outcome\":\"";
        out += name(answer.outcome);
        out += "\",\"why\":";
        json::append_quoted(
            out, base::is_utf8(answer.why) ? std::string(answer.why) : base::printable(answer.why));
    }
    if (!answer.value.empty()) {
        out += answer.outcome == bulk::Outcome::ok ? ",\"result\":" : ",\"error\":";
        append_on_one_line(out, answer.value);
    }
    out += '}';
}

}  // namespace

std::string_view AnswerText::next(const bulk::Answer& answer) {
    text_.clear();
    const bool is_ok = answer.outcome == bulk::Outcome::ok;
    if (is_ok && answer.is_notification()) {
        return text_;
    }
    switch (as_) {
        case As::ndjson:
            append_object(text_, answer);
            text_ += '\n';
            break;
        case As::array:
            text_ += begun_ ? ",\n" : "[\n";
            append_object(text_, answer);
            begun_ = true;
            break;
        case As::result:
            if (is_ok) {
                append_on_one_line(text_, answer.value);
                text_ += '\n';
            }
            break;
    }
    return text_;
}

std::string_view AnswerText::end() const {
    if (as_ != As::array) {
        return {};
    }
    return begun_ ? "\n]\n" : "[]\n";
}

void Answers::take(const bulk::Answer& answer) {
    const std::string_view text = text_.next(answer);
    if (console_.to_terminal()) {
        console_.write(base::printable_lines(text));
    } else {
        console_.write(text);
    }
    if (answer.outcome != bulk::Outcome::ok &&
        !answer.request.empty()) {  // a record that is not JSON has none
        (answer.outcome == bulk::Outcome::unknown ? unknown_ : failed_).write(answer.request);
    }
    progress_.count(answer.outcome);
}

void Answers::pause() {
    console_.flush();
    progress_.draw(CallProgress::Clock::now());
}

std::string summary_text(const hail::batch::Report& report) {
    const bulk::Summary& summary = report.summary;
    const hail::batch::Observed& observed = report.observed;
    std::string text = counted(summary.items, "call", "calls") + ": " + counted(summary.ok, "ok", "ok");
    add_if_any(text, summary.errors, "error", "errors");
    add_if_any(text, summary.refused, "refused", "refused");
    add_if_any(text, summary.not_sent, "not sent", "not sent");
    add_if_any(text, summary.faulty, "of them a bad record", "of them bad records");
    add_if_any(text, summary.unknown, "unknown", "unknown");
    text += "; " + counted(summary.shipments, "POST", "POSTs");
    add_if_any(text, summary.earlier, "call of an earlier run", "calls of earlier runs");
    if (summary.splits > 0) {
        text += ", at most " + counted(summary.chunk, "call", "calls") + " in one, as the server requires";
    }
    add_if_any(text, summary.resent, "call sent again", "calls sent again");
    add_if_any(text, summary.slowdowns, "refused for its rate", "refused for their rate");
    add_if_any(text, observed.notification_errors, "error to a notification", "errors to notifications");
    add_if_any(text, observed.strays, "reply to no call", "replies to no call");
    add_if_any(text, observed.duplicates, "second reply dropped", "second replies dropped");
    constexpr std::uint64_t enough_for_percentiles = 100;
    if (summary.shipments >= enough_for_percentiles) {
        text += "; half of the replies came within " + base::format_duration(summary.median) +
                ", 99 % within " + base::format_duration(summary.slowest_percent);
    }
    if (!observed.error_codes.empty()) {
        text += "; error codes";
        std::string_view separator = " ";
        for (const auto& [code, count] : observed.error_codes) {
            text += separator;
            text += std::to_string(code) + " (" + std::to_string(count) + ")";
            separator = ", ";
        }
    }
    if (summary.notifications > 0) {
        text += "; " + counted(summary.notifications, "notification, which gets", "notifications, which get");
        text += " no reply; --add-ids asks for replies";
    }
    return text;
}

std::string summary_json(const hail::batch::Report& report) {
    const bulk::Summary& summary = report.summary;
    const hail::batch::Observed& observed = report.observed;
    JsonObject object;
    object.number("calls", summary.items);
    object.number("notifications", summary.notifications);
    object.number("ok", summary.ok);
    object.number("error", summary.errors);
    object.number("refused", summary.refused);
    object.number("not_sent", summary.not_sent);
    object.number("unknown", summary.unknown);
    object.number("bad_records", summary.faulty);
    object.number("earlier", summary.earlier);
    object.number("left", summary.left);
    object.number("posts", summary.shipments);
    object.number("resent", summary.resent);
    object.number("splits", summary.splits);
    object.number("slowdowns", summary.slowdowns);
    object.number("chunk", summary.chunk);
    object.number("strays", observed.strays);
    object.number("duplicates", observed.duplicates);
    object.number("notification_errors", observed.notification_errors);
    object.number("bytes_sent", observed.bytes_sent);
    object.number("bytes_received", observed.bytes_received);
    object.number("median_ms", static_cast<std::uint64_t>(summary.median.count()));
    object.number("p99_ms", static_cast<std::uint64_t>(summary.slowest_percent.count()));
    object.number("last_line", summary.last_line);
    if (!observed.error_codes.empty()) {
        JsonObject codes;
        for (const auto& [code, count] : observed.error_codes) {
            codes.number(std::to_string(code), count);
        }
        object.json("error_codes", codes.str());
    }
    if (!summary.stopped_why.empty()) {
        object.text("stopped", base::printable(summary.stopped_why));
    }
    return object.str() + "\n";
}

}  // namespace hail::cli::output
