// The output options of every command: hail(1), OUTPUT OPTIONS.

#pragma once

#include "cli/options/parser.h"
#include "cli/output/display.h"

namespace hail::cli::options {

void declare_display(Parser& parser, output::Display& display);

}  // namespace hail::cli::options
