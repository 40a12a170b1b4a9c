#include "cli/completion/facts.h"
#include "lib/base/text.h"

namespace hail::cli::completion {

namespace {

constexpr const char* fish_helpers = R"(
# __hail_arguments OPTION...: the arguments before the cursor, without options and the values of these.
function __hail_arguments
    set -l skip no
    for word in (commandline -opc)[3..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $argv
            set skip yes
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# __hail_at COUNT OPTION...: true if COUNT arguments precede the cursor, or more if COUNT ends in +.
function __hail_at
    set -l count (count (__hail_arguments $argv[2..-1]))
    if string match -q -- '*+' $argv[1]
        test $count -ge (string trim -r -c + $argv[1])
    else
        test $count -eq $argv[1]
    end
end

# True if the next word is an item: after an address, which may follow a method.
function __hail_at_items
    set -l before (__hail_arguments $argv)
    if string match -qi -- $before[1] $__hail_methods
        test (count $before) -ge 2
    else
        test (count $before) -ge 1
    end
end

# The text after an @ is a file: @FILE, name@FILE, name=@FILE or NAME:@FILE.
function __hail_source
    set -l typed (commandline -ct)
    set -l before (string match -r -- '^[^@]*@' $typed)
    or return 1
    set -l start (string sub -s (math (string length -- $before) + 1) -- $typed)
    for file in $start*
        if test -d $file
            set file $file/
        end
        echo $before$file
    end
end

# The methods of the service at the address, as the last --list of it kept them.
function __hail_service_methods
    set -l before (__hail_arguments $argv)
    set -l program (commandline -opc)[1]
    command $program rpc "$before[1]" --list --cached 2>/dev/null
end

function __hail_headers
    if not string match -q -- '*:*' (commandline -ct)
        printf '%s:\n' $__hail_headers
    end
end

function __hail_item
    if not __hail_source; and not string match -q -- '*[=;]*' (commandline -ct)
        __hail_headers
    end
end

)";

std::string value_flags(const Option& option, const std::string& names) {
    switch (option.kind) {
        case Kind::choice:
            return " -x -a '" + base::join(option.choices, " ") + "'";
        case Kind::file:
            return " -r -F";
        case Kind::directory:
            return " -x -a '(__fish_complete_directories)'";
        case Kind::method:
            return " -x -a \"$__hail_methods\"";
        case Kind::header:
            return " -x -a '(__hail_headers)'";
        case Kind::source:
            return " -x -a '(__hail_source)'";
        case Kind::service_method:
            return " -x -a '(__hail_service_methods" + names + ")'";
        default:
            return option.value.empty() ? "" : " -x";
    }
}

std::string option_line(const std::string& command, const Option& option, const std::string& names) {
    std::string out = "complete -c hail -n '__fish_seen_subcommand_from " + command + "'";
    for (const auto& letter : option.letters) {
        out += " -s " + letter;
    }
    for (const auto& word : option.words) {
        out += " -l " + word;
    }
    return out + value_flags(option, names) + " -d '" + replaced(option.help, "'", "\\'") + "'\n";
}

std::string argument_lines(const CompletedCommand& command) {
    const std::string names = " " + valued(options_of(command));
    const std::string seen = "complete -c hail -f -n '__fish_seen_subcommand_from " + command.name;
    const std::string rest = std::to_string(arguments_before_rest(command)) + "+";
    switch (rest_of(command)) {
        case Kind::item:
            return seen + "; and __hail_at 0" + names + "' -a \"$__hail_methods\"\n" + seen +
                   "; and __hail_at_items" + names + "' -a '(__hail_item)'\n";
        case Kind::parameter:
            return (takes_service_method(command) ? seen + "; and __hail_at 1" + names +
                                                        "' -a '(__hail_service_methods" + names + ")'\n"
                                                  : "") +
                   seen + "; and __hail_at " + rest + names + "' -a '(__hail_source)'\n";
        case Kind::file:
            return "complete -c hail -F -n '__fish_seen_subcommand_from " + command.name +
                   "; and __hail_at " + rest + names + "'\n";
        default:
            return "";
    }
}

}  // namespace

std::string fish_script(const std::vector<CompletedCommand>& commands) {
    std::string out = "# fish completion of hail, made by: hail --completion fish\n\nset -g __hail_methods " +
                      methods() + "\nset -g __hail_headers " + headers() + "\n" + fish_helpers +
                      "complete -c hail -f\n"
                      "complete -c hail -n __fish_use_subcommand -f -l help -s h -d 'Show help'\n"
                      "complete -c hail -n __fish_use_subcommand -f -l version -s V -d 'Print the versions'\n"
                      "complete -c hail -n __fish_use_subcommand -f -l completion -r -a 'bash zsh fish' -d "
                      "'Print a completion script'\n";
    for (const CompletedCommand& command : commands) {
        out += "complete -c hail -n __fish_use_subcommand -f -a " + command.name + " -d '" + command.summary +
               "'\n";
        const std::vector<Option> options = options_of(command);
        for (const Option& option : options) {
            out += option_line(command.name, option, " " + valued(options));
        }
        out += argument_lines(command);
    }
    return out;
}

}  // namespace hail::cli::completion
