// Prints single JSON values: the result of a call, the values that a path selects.
//
// Throws:  whatever Console::write() throws.

#pragma once

#include <string_view>

#include "cli/output/console.h"

namespace hail::cli::output {

enum class Strings { as_json, raw };

// Prints a value and a newline: indented on a terminal, otherwise on one line. A raw string is printed as
// text.
void print_value(std::string_view value, Strings strings, Console& console);

// The same, but with its own bytes where it is not indented, line feeds between its tokens included.
void print_value_unchanged(std::string_view value, Strings strings, Console& console);

}  // namespace hail::cli::output
