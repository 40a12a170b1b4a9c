#pragma once

#include <string>
#include <string_view>

// Completion scripts made from the option tree, so that they cannot drift: completions/ holds what this
// prints, and a test compares them byte for byte.
//
// Throws:  Error(usage) for a shell other than bash, zsh and fish.

namespace hail::cli {

std::string completion_script(std::string_view shell);

}  // namespace hail::cli
