#pragma once

#include <string>

#include "cli/options/parser.h"

// A command's help, from its option tree: usage, what it is for, arguments, options by group, examples.
//
// Shape:   plain text of at most 100 columns; an option's line ends with its environment name in brackets.

namespace hail::cli::options {

std::string help_text(const Parser& parser);

}  // namespace hail::cli::options
