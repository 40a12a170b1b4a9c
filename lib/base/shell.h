// Quotes words for a POSIX shell, and splits a line into words as it does.
//
// Source:  sh(1), POSIX.1-2017 2.2 (Quoting).

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hail::base {

bool is_plain_in_shell(char c);  // it stands for itself in any word

// The word itself if a shell takes it unchanged, else in single quotes.
std::string shell_quote(std::string_view word);

// The words of a line, without their quotes. There are quotes and backslashes, but no variables, patterns or
// operators: their characters stand for themselves. Nothing if a quote does not end.
std::optional<std::vector<std::string>> shell_words(std::string_view line);

}  // namespace hail::base
