// Variables of the environment, and secrets that a variable or a file holds.

#pragma once

#include <string>

namespace hail::cli::options {

// The value of the variable; empty if it is not set.
std::string environment(const std::string& name);

// The secret that an option names: WORD, the first line of @FILE, or env:VARIABLE.
// Throws: Error(usage) if the variable is not set or empty; Error(no_input) or Error(bad_input) for a file
// that cannot be read.
std::string secret(const std::string& typed, const std::string& option);

}  // namespace hail::cli::options
