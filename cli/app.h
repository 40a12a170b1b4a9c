#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/parser.h"
#include "lib/base/exit.h"

// The tree of commands: which there are, and how the chosen one gets its words. Only the chosen command's
// options are ever built, because a full tree costs half as much as a whole run of curl.
//
// Throws:  Error(usage) for words that do not fit, and whatever the command throws.

namespace hail::cli {

struct Command {
    std::string_view name;
    std::string_view synopsis;  // what follows the name: "ADDRESS METHOD [PARAM]..."
    std::string_view summary;
    // Declares the command's options and gives what runs it once they are parsed.
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
