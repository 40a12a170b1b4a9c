#include "cli/output/message.h"

#include <array>

#include "lib/base/text.h"
#include "lib/json/string.h"

namespace hail::cli::output {

namespace {

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

}  // namespace

void MessageFormat::append_time(std::string& out) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second_) {
        second_ = now.tv_sec;
        std::tm parts{};
        ::gmtime_r(&now.tv_sec, &parts);
        std::array<char, 40> text{};
        second_text_.assign(text.data(),
                            std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts));
    }
    out += second_text_;
    const std::string micro = std::to_string(now.tv_nsec / 1000);
    out.append(6 - micro.size(), '0');
    out += micro;
    out += 'Z';
}

void MessageFormat::append(std::string& out, const pubsub::Message& message) {
    if (form_ == MessageForm::json) {
        out += "{\"time\":\"";
        append_time(out);
        out += '"';
        append_member(out, "channel", message.channel);
        if (message.pattern) {
            append_member(out, "pattern", *message.pattern);
        }
        append_member(out, "payload", message.payload);
        out += '}';
    } else {
        out += message.payload;
    }
    out += end_;
}

}  // namespace hail::cli::output
