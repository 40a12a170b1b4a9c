#include "lib/json/scan.h"

#include <algorithm>
#include <array>

#include "lib/json/bytes.h"

namespace hail::json {

Position position(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
    return {static_cast<std::size_t>(lines) + 1, before.size() - line_start + 1};
}

std::string describe(std::string_view text, const Problem& problem) {
    const Position at = position(text, problem.offset);
    const std::string line =
        trim(text).find('\n') == text.npos ? "" : "line " + std::to_string(at.line) + " ";
    return std::string(problem.what) + " at " + line + "column " + std::to_string(at.column);
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

Kind kind(std::string_view value) {
    const char* const at = skip_space(value.data(), value.data() + value.size());
    switch (at == value.data() + value.size() ? 'n' : *at) {
        case '{':
            return Kind::object;
        case '[':
            return Kind::array;
        case '"':
            return Kind::string;
        case 't':
        case 'f':
            return Kind::boolean;
        case 'n':
            return Kind::null;
        default:
            return Kind::number;
    }
}

std::string_view name(Kind kind) {
    return name_with_article(kind).substr(name_with_article(kind).find(' ') + 1);  // "null" has no article
}

std::string_view name_with_article(Kind kind) {
    static constexpr std::array<std::string_view, 6> names{"an object", "an array",  "a string",
                                                           "a number",  "a boolean", "null"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace hail::json
