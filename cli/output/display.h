// The output settings of a command, as the options that all commands share set them.

#pragma once

#include <optional>
#include <string>

#include "cli/output/output_file.h"

namespace hail::cli::output {

enum class Color { automatic, always, never };
enum class Pretty { all, format, none };
enum class ErrorFormat { text, json };

struct Display {
    std::string output;  // a file instead of stdout; empty: stdout
    OutputFile::Opening opening = OutputFile::Opening::begin;
    bool verbose = false;
    bool quiet = false;
    bool typed_verbose = false;  // on the command line, which takes precedence over the environment
    bool typed_quiet = false;
    bool dry_run = false;
    Color color = Color::automatic;
    std::optional<Pretty> pretty;  // none: all on a terminal, none elsewhere
    ErrorFormat error_format = ErrorFormat::text;

    bool traces() const { return verbose && !typed_quiet; }
    bool is_quiet() const { return quiet && !typed_verbose; }
};

}  // namespace hail::cli::output
