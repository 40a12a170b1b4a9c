// Quotes words for a POSIX shell.
//
// Source:  sh(1), POSIX.1-2017 2.2 (Quoting).

#pragma once

#include <string>
#include <string_view>

namespace hail::base {

bool is_plain_in_shell(char c);  // it stands for itself in any word

// The word itself if a shell takes it unchanged, else in single quotes.
std::string shell_quote(std::string_view word);

}  // namespace hail::base
