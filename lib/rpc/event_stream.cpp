#include "lib/rpc/event_stream.h"

#include <algorithm>
#include <array>

#include "lib/rpc/members.h"

namespace hail::rpc {

namespace {

constexpr std::array<std::string_view, 4> field_names{"data", "event", "id", "retry"};

// Cuts the first line off, without its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    const bool two_bytes = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (two_bytes ? 2 : 1), text.size()));
    return line;
}

std::string_view without_mark(std::string_view text) {
    return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace

bool is_event_stream(std::string_view text) {
    text = without_mark(text);
    while (!text.empty() && (text.front() == '\n' || text.front() == '\r')) {
        text.remove_prefix(1);
    }
    constexpr std::size_t longest_name = 5;
    const std::size_t colon = text.substr(0, longest_name + 1).find(':');
    if (colon == std::string_view::npos) {
        return false;
    }
    const std::string_view field = text.substr(0, colon);
    return field.empty() || std::find(field_names.begin(), field_names.end(), field) != field_names.end();
}

std::vector<std::string> event_data(std::string_view text) {
    text = without_mark(text);
    std::vector<std::string> messages;
    std::string data;
    bool has_data = false;
    const auto dispatch = [&] {
        if (has_data) {
            messages.push_back(std::move(data));
        }
        data.clear();
        has_data = false;
    };
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) {
            dispatch();
        } else if (line.starts_with("data:")) {
            std::string_view value = line.substr(5);
            value.remove_prefix(value.starts_with(' ') ? 1 : 0);
            data += has_data ? "\n" : "";
            data += value;
            has_data = true;
        }
    }
    dispatch();
    return messages;
}

std::string replies_as_array(const std::vector<std::string>& messages, std::vector<std::string>& others) {
    std::string array = "[";
    for (const std::string& message : messages) {
        if (is_request(message)) {
            others.push_back(message);
            continue;
        }
        array += array.size() > 1 ? "," : "";
        array += message;
    }
    array += ']';
    return array;
}

}  // namespace hail::rpc
