// The output options of every command: hail(1), OUTPUT OPTIONS.

#pragma once

#include "cli/options/parser.h"
#include "cli/output/display.h"

namespace hail::cli::options {

// What --verbose shows, and whether the output can be indented and coloured.
enum class Wire { http, broker };
enum class Looks { many, one };

void declare_display(Parser& parser, output::Display& display, Wire wire = Wire::http,
                     Looks looks = Looks::many);

}  // namespace hail::cli::options
