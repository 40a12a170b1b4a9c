#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/completion.h"

// What a completion script knows of the commands, and how each shell is told.
//
// Throws:  nothing.

namespace hail::cli::completion {

// What can be offered for a word.
enum class Kind {
    nothing,
    choice,  // one of a few
    file,
    directory,
    method,     // of HTTP
    header,     // its name and a colon
    source,     // text, @FILE or NAME:@FILE
    item,       // a header, or a field with a file behind its @
    parameter,  // a field with a file behind its @
};

struct Option {
    std::vector<std::string> letters;
    std::vector<std::string> words;
    std::string help;
    std::string value;  // its name; empty: a flag
    Kind kind = Kind::nothing;
    std::vector<std::string> choices;

    // Every spelling, with its dashes.
    std::vector<std::string> spellings() const;
};

std::vector<Option> options_of(const CompletedCommand& command);

// What the arguments behind the last one that has a name of its own are; items follow a method, too.
Kind rest_of(const CompletedCommand& command);
std::size_t arguments_before_rest(const CompletedCommand& command);
bool takes_method(const CompletedCommand& command);

// Separated by blanks.
std::string methods();
std::string headers();
std::string command_names(const std::vector<CompletedCommand>& commands);

std::string replaced(std::string text, std::string_view what, std::string_view with);
// The names of all options that a value follows.
std::string valued(const std::vector<Option>& options);

std::string bash_script(const std::vector<CompletedCommand>& commands);
std::string zsh_script(const std::vector<CompletedCommand>& commands);
std::string fish_script(const std::vector<CompletedCommand>& commands);

}  // namespace hail::cli::completion
