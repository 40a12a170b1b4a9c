// The words of a line of calls, "method param…": separated by blanks, except inside JSON strings, arrays and
// objects.
//
// Shape:   words are bytes of the line, unchanged; quotes stay, because they make a word JSON.
// Throws:  nothing; returns nullopt for a line that ends inside a string, an array or an object.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hail::cli::input {

std::optional<std::vector<std::string>> words_of(std::string_view line);

}  // namespace hail::cli::input
