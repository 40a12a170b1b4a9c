// The help of a command, made from its option tree: usage, description, arguments, options by group, and
// examples.
//
// Shape:   plain text of at most 100 columns; the text of an option ends with its environment name in
//          brackets.

#pragma once

#include <string>

#include "cli/options/parser.h"

namespace hail::cli::options {

std::string help_text(const Parser& parser);

}  // namespace hail::cli::options
