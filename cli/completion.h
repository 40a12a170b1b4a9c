// Completion scripts made from the option tree, so that they always match it: completions/ holds the output
// of these functions, and a test compares it byte for byte.
//
// Throws:  Error(usage) for a shell other than bash, zsh and fish.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/parser.h"

namespace hail::cli {

struct CompletedCommand {
    std::string name;
    std::string summary;
    std::unique_ptr<options::Parser> parser;
};

std::string completion_script(std::string_view shell, const std::vector<CompletedCommand>& commands);

}  // namespace hail::cli
