#pragma once

#include <string>
#include <vector>

#include "cli/output/display.h"

// How a failure is shown, found without a parser, because the failure may be that the words do not parse.

namespace hail::cli::options {

output::ErrorFormat error_format(const std::vector<std::string>& words);

}  // namespace hail::cli::options
