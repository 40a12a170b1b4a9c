#include "lib/base/shell.h"

#include <algorithm>

#include "lib/base/characters.h"

namespace hail::base {

bool is_plain_in_shell(char c) {
    return is_alphanumeric(c) || std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

std::string shell_quote(std::string_view word) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain_in_shell)) {
        return std::string(word);
    }
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

namespace {

// Appends the quoted text that begins after the quote at `at`; returns the offset of its end, or npos.
std::size_t take_quoted(std::string_view line, std::size_t at, std::string& word) {
    const char quote = line[at];
    for (++at; at < line.size() && line[at] != quote; ++at) {
        const bool escapes = quote == '"' && line[at] == '\\' && at + 1 < line.size() &&
                             (line[at + 1] == '"' || line[at + 1] == '\\');
        at += escapes ? 1 : 0;
        word += line[at];
    }
    return at < line.size() ? at : std::string_view::npos;
}

}  // namespace

std::optional<std::vector<std::string>> shell_words(std::string_view line) {
    std::vector<std::string> words;
    bool in_word = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (std::string_view(" \t\r\n").find(c) != std::string_view::npos) {
            in_word = false;
            continue;
        }
        if (!in_word) {
            words.emplace_back();
            in_word = true;
        }
        if (c == '\'' || c == '"') {
            at = take_quoted(line, at, words.back());
            if (at == std::string_view::npos) {
                return std::nullopt;
            }
        } else if (c == '\\' && at + 1 < line.size()) {
            words.back() += line[++at];
        } else {
            words.back() += c;
        }
    }
    return words;
}

}  // namespace hail::base
