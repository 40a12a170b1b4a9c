#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The words of a line of calls, "method param…": parted by blanks, except within JSON strings, arrays and objects.
//
// Shape:   words are bytes of the line as they stand: quotes stay, because they make JSON of a word.
// Throws:  nothing; none for a line that ends within a string, an array or an object.

namespace hail::cli::input {

std::optional<std::vector<std::string>> words_of(std::string_view line);

}  // namespace hail::cli::input
