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

}  // namespace hail::base
