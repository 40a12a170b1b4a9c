// Options of curl and HTTPie that hail spells differently, each with the words to write instead.
//
// Shape:   pure; an advice counts only for a command that has the option it names.
// Source:  curl(1), http(1) of HTTPie.

#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hail::cli::options {

struct ForeignOption {
    std::string_view names;   // separated by spaces
    std::string_view needs;   // hail's own option, without dashes
    std::string_view advice;  // continues "write"; empty: hail does this anyway, and the option is ignored
};

// The option of the word, such as "-Fname=@file" or "--verify=no"; null if hail does not know it, or if
// the command does not have what it needs.
const ForeignOption* find_foreign(std::string_view word,
                                  const std::function<bool(std::string_view)>& has_option);

// True if one of two option names negates the other, such as "--check" and "--no-check", or may do so.
bool are_opposites(std::string_view one, std::string_view other);

}  // namespace hail::cli::options
