// The facts about the commands that a completion script needs, and one function per shell that writes the
// script.
//
// Throws:  nothing.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/completion.h"

namespace hail::cli::completion {

// The kind of word to offer.
enum class Kind {
    nothing,
    choice,  // one of a fixed list
    file,
    directory,
    method,          // an HTTP method
    header,          // the name of a header and a colon
    source,          // text, @FILE or NAME:@FILE
    item,            // a header, or a field with a file after its @
    parameter,       // a field with a file after its @
    service_method,  // a name that the last --list of this address kept
};

struct Option {
    std::vector<std::string> letters;
    std::vector<std::string> words;
    std::string help;
    std::string value;  // its name in the help; empty: a flag
    Kind kind = Kind::nothing;
    std::vector<std::string> choices;

    // All spellings, with their dashes.
    std::vector<std::string> spellings() const;
};

std::vector<Option> options_of(const CompletedCommand& command);

// The kind of the arguments after the named ones. If they are items, a method may precede the address.
Kind rest_of(const CompletedCommand& command);
std::size_t arguments_before_rest(const CompletedCommand& command);
bool takes_method(const CompletedCommand& command);
// Whether the second argument is a method of the service at the first.
bool takes_service_method(const CompletedCommand& command);

// Separated by blanks.
std::string methods();
std::string headers();
std::string command_names(const std::vector<CompletedCommand>& commands);

std::string replaced(std::string text, std::string_view what, std::string_view with);
// The spellings of all options that take a value.
std::string valued(const std::vector<Option>& options);

std::string bash_script(const std::vector<CompletedCommand>& commands);
std::string zsh_script(const std::vector<CompletedCommand>& commands);
std::string fish_script(const std::vector<CompletedCommand>& commands);

}  // namespace hail::cli::completion
