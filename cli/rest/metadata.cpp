#include "cli/rest/metadata.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "lib/base/text.h"

namespace hail::cli::rest {

namespace {

using Time = http::Timings::Microseconds;

constexpr std::size_t bar_width = 40;
constexpr std::size_t name_width = 12;
constexpr std::size_t time_width = 9;

struct Phase {
    std::string_view name;
    Time begin;
    Time end;
};

std::array<Phase, 5> phases(const http::Timings& times) {
    std::array<Phase, 5> all{{{"name", {}, times.name},
                              {"connect", {}, times.connected},
                              {"tls", {}, times.tls},
                              {"wait", {}, times.first_byte.count() == 0 ? times.total : times.first_byte},
                              {"receive", {}, times.total}}};
    Time before{};
    for (Phase& phase : all) {
        phase.begin = before;
        phase.end = std::max(before, phase.end);  // 0 if the phase did not happen
        before = phase.end;
    }
    return all;
}

std::string in_milliseconds(Time time) {
    constexpr double in_a_millisecond = 1000;
    std::array<char, 32> digits{};
    const auto end =
        std::to_chars(digits.begin(), digits.end(), static_cast<double>(time.count()) / in_a_millisecond,
                      std::chars_format::fixed, 3);
    return {digits.data(), end.ptr};
}

std::string time_line(std::string_view name, Time time) {
    const std::string number = in_milliseconds(time);
    std::string line(name);
    line += ':';
    line.append(name_width + time_width - std::min(name_width + time_width, line.size() + number.size()),
                ' ');
    return line + number + " ms";
}

std::string bar(const Phase& phase, Time total) {
    if (phase.end == phase.begin || total.count() <= 0) {
        return {};
    }
    const auto column = [&](Time time) {
        return bar_width * static_cast<std::size_t>(time.count()) / static_cast<std::size_t>(total.count());
    };
    const std::size_t begin = std::min(column(phase.begin), bar_width - 1);
    const std::size_t length = std::max<std::size_t>(column(phase.end) - begin, 1);
    return "  " + std::string(begin, ' ') + std::string(length, '=');
}

void add(std::string& text, std::string_view name, std::string_view value) {
    if (!value.empty()) {
        text.append(name).append(": ").append(base::one_line(value)).append("\n");
    }
}

std::string bytes(std::uint64_t count) {
    const std::string size = base::format_size(count);
    return std::to_string(count) + " B" + (size.ends_with(" B") ? "" : " (" + size + ")");
}

}  // namespace

std::string metadata(const http::Result& result, Bars bars) {
    std::string text;
    const int status = result.head.status();
    add(text, "status", status == 0 ? "" : std::to_string(status));
    add(text, "version", status == 0 ? "" : result.head.version());
    add(text, "remote", result.remote);
    const std::string_view opened = result.timings.connected.count() > 0 ? "new" : "";
    add(text, "connection", result.reused_connection ? "kept" : opened);
    const Time total = result.timings.total;
    for (const Phase& phase : phases(result.timings)) {
        text += time_line(phase.name, phase.end - phase.begin);
        text += bars == Bars::yes ? bar(phase, total) : "";
        text += '\n';
    }
    text += time_line("total", total) + "\n";
    add(text, "sent", bytes(result.request_bytes));
    add(text, "head", bytes(result.reply_head_bytes));
    add(text, "body", bytes(result.reply_body_bytes));
    return text;
}

}  // namespace hail::cli::rest
