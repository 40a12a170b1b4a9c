#include "cli/completion.h"

#include <vector>

#include "lib/base/error.h"

#include <CLI/CLI.hpp>

namespace hail::cli {

namespace {

// What a shell needs to know of one option.
struct Facts {
    std::vector<std::string> letters;
    std::vector<std::string> words;
    std::string help;
    std::string value;                 // empty: a flag
    std::vector<std::string> choices;  // of the value, if they are few
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t end = 0; end != text.npos; start = end + 1) {
        end = text.find(separator, start);
        parts.push_back(text.substr(start, end - start));
    }
    return parts;
}

std::vector<Facts> options_of(const CompletedCommand& command) {
    std::vector<Facts> all;
    for (const CLI::Option* option : command.parser->tree().get_options()) {
        const std::string value = option->get_type_name();
        const bool choice = value.find('|') != value.npos;
        all.push_back({option->get_snames(), option->get_lnames(), option->get_description(), value,
                       choice ? split(value, '|') : std::vector<std::string>{}});
    }
    return all;
}

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : separator) + part;
    }
    return text;
}

// The option's spellings, each with its dashes.
std::vector<std::string> spellings(const Facts& option) {
    std::vector<std::string> all;
    for (const auto& letter : option.letters) {
        all.push_back("-" + letter);
    }
    for (const auto& word : option.words) {
        all.push_back("--" + word);
    }
    return all;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

std::string command_names(const std::vector<CompletedCommand>& commands) {
    std::vector<std::string> names;
    names.reserve(commands.size());
    for (const CompletedCommand& command : commands) {
        names.push_back(command.name);
    }
    return join(names, " ");
}

std::string bash_reply(const std::string& source) {
    return "mapfile -t COMPREPLY < <(compgen " + source + " -- \"$cur\")";
}

std::string bash_values(const Facts& option) {
    if (!option.choices.empty()) {
        return bash_reply("-W '" + join(option.choices, " ") + "'");
    }
    if (option.value == "FILE") {
        return bash_reply("-f");
    }
    return option.value == "DIR" ? bash_reply("-d") : "COMPREPLY=()";
}

std::string bash_script(const std::vector<CompletedCommand>& commands) {
    std::string out =
        "# bash completion of hail, made by: hail --completion bash\n\n"
        "_hail() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options=''\n"
        "    if ((COMP_CWORD == 1)); then\n"
        "        " +
        bash_reply("-W '" + command_names(commands) + " help --help --version --completion'") +
        "\n"
        "        return\n"
        "    fi\n"
        "    case ${COMP_WORDS[1]} in\n";
    for (const CompletedCommand& command : commands) {
        std::vector<std::string> words;
        out += "    " + command.name + ")\n        case $prev in\n";
        for (const Facts& option : options_of(command)) {
            const auto names = spellings(option);
            words.insert(words.end(), names.begin(), names.end());
            if (!option.value.empty()) {
                out += "        " + join(names, " | ") + ") " + bash_values(option) + "; return ;;\n";
            }
        }
        out += "        esac\n        options='" + join(words, " ") + "'\n        ;;\n";
    }
    return out +
           "    --completion) options='bash zsh fish' ;;\n"
           "    help) options='" +
           command_names(commands) +
           "' ;;\n"
           "    esac\n"
           "    if [[ $cur == -* || ${COMP_WORDS[1]} == help || ${COMP_WORDS[1]} == --completion ]]; then\n"
           "        " +
           bash_reply("-W \"$options\"") +
           "\n"
           "    fi\n"
           "}\n"
           "complete -o default -F _hail hail\n";
}

std::string zsh_values(const Facts& option) {
    if (option.value.empty()) {
        return "";
    }
    const std::string label = ":" + replaced(option.value, ":", "\\:") + ":";
    if (!option.choices.empty()) {
        return label + "(" + join(option.choices, " ") + ")";
    }
    return label + (option.value == "FILE" ? "_files" : option.value == "DIR" ? "_files -/" : " ");
}

std::string zsh_script(const std::vector<CompletedCommand>& commands) {
    std::string out =
        "#compdef hail\n"
        "# zsh completion of hail, made by: hail --completion zsh\n\n"
        "_hail() {\n"
        "    local -a commands\n"
        "    commands=(\n";
    for (const CompletedCommand& command : commands) {
        out += "        '" + command.name + ":" + command.summary + "'\n";
    }
    out +=
        "    )\n"
        "    if ((CURRENT == 2)); then\n"
        "        _describe command commands\n"
        "        return\n"
        "    fi\n"
        "    case $words[2] in\n";
    for (const CompletedCommand& command : commands) {
        out += "    " + command.name +
               ")\n        shift words\n        ((CURRENT--))\n        _arguments -s \\\n";
        for (const Facts& option : options_of(command)) {
            std::string help = replaced(replaced(option.help, "[", "\\["), "]", "\\]");
            help = replaced(help, "'", "'\\''");
            const auto names = spellings(option);
            const std::string heads = names.size() == 1 ? "'*" + names[0] : "'*'{" + join(names, ",") + "}'";
            out += "            " + heads + "[" + help + "]" + zsh_values(option) + "' \\\n";
        }
        out += "            '*: :_default'\n        ;;\n";
    }
    return out + "    esac\n}\n\n_hail \"$@\"\n";
}

std::string fish_script(const std::vector<CompletedCommand>& commands) {
    std::string out =
        "# fish completion of hail, made by: hail --completion fish\n\n"
        "complete -c hail -n __fish_use_subcommand -f -l help -s h -d 'Help'\n"
        "complete -c hail -n __fish_use_subcommand -f -l version -s V -d 'Versions'\n"
        "complete -c hail -n __fish_use_subcommand -f -l completion -r -a 'bash zsh fish' -d 'A completion "
        "script'\n";
    for (const CompletedCommand& command : commands) {
        const std::string& name = command.name;
        out += "complete -c hail -n __fish_use_subcommand -f -a " + name + " -d '" + command.summary + "'\n";
        for (const Facts& option : options_of(command)) {
            out += "complete -c hail -n '__fish_seen_subcommand_from " + name + "'";
            for (const auto& letter : option.letters) {
                out += " -s " + letter;
            }
            for (const auto& word : option.words) {
                out += " -l " + word;
            }
            if (option.value == "FILE") {
                out += " -r -F";
            } else if (option.value == "DIR") {
                out += " -x -a '(__fish_complete_directories)'";
            } else if (!option.value.empty()) {
                out += " -x";
            }
            out += option.choices.empty() ? "" : " -a '" + join(option.choices, " ") + "'";
            out += " -d '" + replaced(option.help, "'", "\\'") + "'\n";
        }
    }
    return out;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<CompletedCommand>& commands) {
    if (shell == "bash") {
        return bash_script(commands);
    }
    if (shell == "zsh") {
        return zsh_script(commands);
    }
    if (shell == "fish") {
        return fish_script(commands);
    }
    throw base::Error(base::Exit::usage,
                      "making a completion script: '" + std::string(shell) + "' is not a shell I know",
                      "write hail --completion bash, zsh or fish");
}

}  // namespace hail::cli
