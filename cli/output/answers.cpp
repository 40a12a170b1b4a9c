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

}  // namespace

void append_answer(std::string& out, const bulk::Answer& answer) {
    out += "{\"i\":";
    append_number(out, answer.index);
    if (!answer.is_notification()) {
        out += ",\"id\":";
        out += answer.id;
    }
    if (!answer.value.empty()) {
        out += answer.outcome == bulk::Outcome::error ? ",\"error\":" : ",\"result\":";
        append_on_one_line(out, answer.value);
    } else {
        out += ",\"outcome\":\"";
        out += name(answer.outcome);
        out += "\",\"why\":";
        json::append_quoted(
            out, base::is_utf8(answer.why) ? std::string(answer.why) : base::printable(answer.why));
    }
    out += "}\n";
}

void Answers::take(const bulk::Answer& answer) {
    const bool went_well = answer.outcome == bulk::Outcome::ok;
    if (went_well && answer.is_notification()) {
        return;
    }
    line_.clear();
    append_answer(line_, answer);
    if (console_.to_terminal()) {
        line_ = base::printable(line_);
    }
    console_.write(line_);
    if (!went_well) {
        (answer.outcome == bulk::Outcome::unknown ? unknown_ : failed_).write(answer.request);
    }
}

std::string summary_text(const bulk::Summary& summary) {
    std::string text = counted(summary.items, "request", "requests") + ": " + counted(summary.ok, "ok", "ok");
    add_if_any(text, summary.errors, "error", "errors");
    add_if_any(text, summary.refused, "refused", "refused");
    add_if_any(text, summary.not_sent, "not sent", "not sent");
    add_if_any(text, summary.unknown, "unknown", "unknown");
    text += "; " + counted(summary.posts, "POST", "POSTs");
    if (summary.splits > 0) {
        text += ", at most " + counted(summary.chunk, "call", "calls") + " in one, as the server requires";
    }
    add_if_any(text, summary.resent, "sent again", "sent again");
    add_if_any(text, summary.notification_errors, "error to a notification", "errors to notifications");
    add_if_any(text, summary.strays, "reply to no request", "replies to no request");
    add_if_any(text, summary.duplicates, "second reply dropped", "second replies dropped");
    return text;
}

std::string summary_json(const bulk::Summary& summary) {
    JsonObject object;
    object.number("requests", summary.items);
    object.number("notifications", summary.notifications);
    object.number("ok", summary.ok);
    object.number("error", summary.errors);
    object.number("refused", summary.refused);
    object.number("not_sent", summary.not_sent);
    object.number("unknown", summary.unknown);
    object.number("posts", summary.posts);
    object.number("resent", summary.resent);
    object.number("splits", summary.splits);
    object.number("chunk", summary.chunk);
    object.number("strays", summary.strays);
    object.number("duplicates", summary.duplicates);
    object.number("notification_errors", summary.notification_errors);
    object.number("bytes_sent", summary.bytes_sent);
    object.number("bytes_received", summary.bytes_received);
    object.number("last_line", summary.last_line);
    if (!summary.stopped_why.empty()) {
        object.text("stopped", base::printable(summary.stopped_why));
    }
    return object.str() + "\n";
}

}  // namespace hail::cli::output
