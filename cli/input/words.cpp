#include "cli/input/words.h"

#include <cstddef>

namespace hail::cli::input {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

// The offset after the string whose quote is at `at`; npos if it does not end.
std::size_t quoted_end(std::string_view line, std::size_t at) {
    for (++at; at < line.size(); ++at) {
        if (line[at] == '\\') {
            ++at;
        } else if (line[at] == '"') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

// The offset after the word that begins at `at`; npos if it does not end.
std::size_t word_end(std::string_view line, std::size_t at) {
    std::size_t depth = 0;
    while (at < line.size() && (depth > 0 || !is_blank(line[at]))) {
        const char c = line[at];
        if (c == '"') {
            at = quoted_end(line, at);
            if (at == std::string_view::npos) {
                return at;
            }
            continue;
        }
        if (c == '[' || c == '{') {
            ++depth;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
        ++at;
    }
    return depth == 0 ? at : std::string_view::npos;
}

}  // namespace

std::optional<std::vector<std::string>> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        if (is_blank(line[at])) {
            ++at;
            continue;
        }
        const std::size_t end = word_end(line, at);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        words.emplace_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

}  // namespace hail::cli::input
