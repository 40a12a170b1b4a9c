// The format of error messages, found without a parser: the error may be that the words cannot be parsed.

#pragma once

#include <string>
#include <vector>

#include "cli/output/display.h"

namespace hail::cli::options {

output::ErrorFormat error_format(const std::vector<std::string>& words);

}  // namespace hail::cli::options
