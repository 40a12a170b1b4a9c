// The tree of commands: the list of them, and the dispatch to the chosen one. Only the options of the chosen
// command are ever built, because building the full tree takes half as long as a whole run of curl.
//
// Throws:  Error(usage) for words that do not fit, and whatever the command throws.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/parser.h"
#include "lib/base/exit.h"

namespace hail::cli {

struct Command {
    std::string_view name;
    std::string_view synopsis;  // what follows the name: "ADDRESS METHOD [PARAM]..."
    std::string_view summary;
    // Declares the command's options; returns the function that runs the command once they are parsed.
    std::function<base::Exit()> (*declare)(options::Parser&);
};

std::span<const Command> commands();

// One command with its options built: parse, then run.
struct Prepared {
    std::unique_ptr<options::Parser> parser;
    std::function<base::Exit()> run;
};

Prepared prepare(const Command& command);

base::Exit run(const std::vector<std::string>& words);

}  // namespace hail::cli
