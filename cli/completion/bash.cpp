#include "cli/completion/facts.h"
#include "lib/base/text.h"

namespace hail::cli::completion {

namespace {

// Readline splits words at : = and @ (COMP_WORDBREAKS), but hail splits them only at blanks. So the script
// joins the words again, and removes from every offer the prefix that comes before readline's own part. An @
// belongs to that part (rl_special_prefixes). The script does not need the package bash-completion.
constexpr const char* bash_helpers = R"(# The words up to the cursor, split as hail receives them.
_hail_words() {
    local line=${COMP_LINE:0:COMP_POINT} part i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        part=${line%%[![:space:]]*}
        line=${line#"$part"}
        if [[ -n $part || $i == 0 ]]; then
            words+=('')
        fi
        part=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            part=$line
        fi
        words[${#words[@]} - 1]+=$part
        line=${line#"$part"}
    done
}

# The arguments before the cursor, without options and without the values of the options named in $1.
_hail_arguments() {
    local i
    arguments=()
    for ((i = 2; i < ${#words[@]} - 1; i++)); do
        if [[ ${words[i]} != -* ]]; then
            arguments+=("${words[i]}")
        elif [[ " $1 " == *" ${words[i]} "* ]]; then
            ((i++))
        fi
    done
}

# _hail_offer WORD...: offers the words that begin with the typed text, ignoring case.
_hail_offer() {
    local word
    for word in "$@"; do
        if [[ ${word,,} == "${typed,,}"* ]]; then
            COMPREPLY+=("$before$word")
        fi
    done
}

_hail_files() {
    local file files quoted
    mapfile -t files < <(compgen "$1" -- "$typed")
    for file in "${files[@]}"; do
        printf -v quoted %q "$file"
        if [[ -d $file ]]; then
            quoted+=/
            compopt -o nospace 2>/dev/null
        fi
        COMPREPLY+=("$before$quoted")
    done
}

_hail_headers() {
    if [[ $typed != *:* ]]; then
        compopt -o nospace 2>/dev/null
        # shellcheck disable=SC2086
        _hail_offer ${hail_headers// /: }:
    fi
}

# The text after an @ is a file: @FILE, name@FILE, name=@FILE or NAME:@FILE.
_hail_source() {
    if [[ $typed =~ ^[^@]*@ ]]; then
        before+=${BASH_REMATCH[0]}
        typed=${typed#"${BASH_REMATCH[0]}"}
        _hail_files -f
        return 0
    fi
    return 1
}

# The methods of the service at the address, as the last --list of it kept them.
_hail_service_methods() {
    local names
    mapfile -t names < <(command "${words[0]}" rpc "${arguments[0]-}" --list --cached 2>/dev/null)
    _hail_offer "${names[@]}"
}

_hail_item() {
    if ! _hail_source && [[ $typed != *[=\;]* ]]; then
        _hail_headers
    fi
}

)";

std::string value_offer(const Option& option) {
    switch (option.kind) {
        case Kind::choice:
            return "_hail_offer '" + base::join(option.choices, "' '") + "'";
        case Kind::file:
            return "_hail_files -f";
        case Kind::directory:
            return "_hail_files -d";
        case Kind::method:
            return "_hail_offer $hail_methods";
        case Kind::header:
            return "_hail_headers";
        case Kind::source:
            return "_hail_source";
        case Kind::service_method:
            return "_hail_arguments \"$valued\" && _hail_service_methods";
        default:
            return ":";
    }
}

std::string offer_rest(const CompletedCommand& command) {
    switch (rest_of(command)) {
        case Kind::item:
            return "_hail_item";
        case Kind::parameter:
            return "_hail_source";
        case Kind::file:
            return "_hail_files -f";
        default:
            return ":";
    }
}

// The options of a command: their names, and the offers for their values.
std::string options_case(const CompletedCommand& command) {
    std::vector<std::string> names;
    std::string out;
    const std::vector<Option> options = options_of(command);
    for (const Option& option : options) {
        const auto spellings = option.spellings();
        names.insert(names.end(), spellings.begin(), spellings.end());
        if (!option.value.empty() && option.kind != Kind::nothing) {
            out += "        " + base::join(spellings, " | ") + ") " + value_offer(option) + " ;;\n";
        }
    }
    return "        options='" + base::join(names, " ") + "'\n        valued='" + valued(options) +
           "'\n        case $option in\n" + out + "        esac\n";
}

std::string arguments_case(const CompletedCommand& command) {
    const std::string count = std::to_string(arguments_before_rest(command));
    std::string out = "        _hail_arguments \"$valued\"\n";
    if (takes_method(command)) {
        out +=
            "        if ((${#arguments[@]} == 0)); then\n"
            "            _hail_offer $hail_methods\n"
            "        elif [[ ${#arguments[@]} != 1 || \" $hail_methods \" != *\" ${arguments[0]^^} \"* ]]; "
            "then\n"
            "            " +
            offer_rest(command) + "\n        fi\n";
    } else {
        if (takes_service_method(command)) {
            out += "        ((${#arguments[@]} != 1)) || _hail_service_methods\n";
        }
        out += "        ((${#arguments[@]} < " + count + ")) || " + offer_rest(command) + "\n";
    }
    return out;
}

// The function that bash calls.
std::string main_function() {
    return "_hail() {\n"
           "    local words before='' typed prefix\n"
           "    local hail_methods='" +
           methods() +
           "'\n"
           "    local hail_headers='" +
           headers() +
           "'\n"
           "    COMPREPLY=()\n"
           "    _hail_words\n"
           "    typed=${words[-1]}\n"
           "    prefix=${typed%\"${typed##*[\"${COMP_WORDBREAKS//[[:space:]]/}\"]}\"}\n"
           "    prefix=${prefix%@}\n"
           "    _hail_complete\n"
           "    COMPREPLY=(\"${COMPREPLY[@]#\"$prefix\"}\")\n"
           "}\n";
}

}  // namespace

std::string bash_script(const std::vector<CompletedCommand>& commands) {
    std::string options;
    std::string arguments;
    for (const CompletedCommand& command : commands) {
        options += "    " + command.name + ")\n" + options_case(command) + "        ;;\n";
        if (rest_of(command) != Kind::nothing) {
            arguments += "    " + command.name + ")\n" + arguments_case(command) + "        ;;\n";
        }
    }
    return "# bash completion of hail, made by: hail --completion bash\n\n" + std::string(bash_helpers) +
           "# shellcheck disable=SC2086\n"
           "_hail_complete() {\n"
           "    local option='' options='' valued='' arguments\n"
           "    if ((${#words[@]} == 2)); then\n"
           "        _hail_offer " +
           command_names(commands) +
           " help --help --version --completion\n"
           "        return\n"
           "    fi\n"
           "    if [[ $typed == --*=* ]]; then\n"
           "        option=${typed%%=*}\n"
           "        before=$option=\n"
           "        typed=${typed#\"$before\"}\n"
           "    elif [[ ${words[-2]} == -* ]]; then\n"
           "        option=${words[-2]}\n"
           "    fi\n"
           "    case ${words[1]} in\n" +
           options +
           "    --completion) _hail_offer bash zsh fish ;;\n"
           "    help) _hail_offer " +
           command_names(commands) +
           " ;;\n"
           "    esac\n"
           "    if [[ -n $option && \" $valued \" == *\" $option \"* || -n $before ]]; then\n"
           "        return\n"
           "    fi\n"
           "    if [[ $typed == -* ]]; then\n"
           "        _hail_offer $options\n"
           "        return\n"
           "    fi\n"
           "    case ${words[1]} in\n" +
           arguments +
           "    esac\n"
           "}\n\n" +
           main_function() + "complete -F _hail hail\n";
}

}  // namespace hail::cli::completion
