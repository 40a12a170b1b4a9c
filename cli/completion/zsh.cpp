#include "cli/completion/facts.h"
#include "lib/base/text.h"

namespace hail::cli::completion {

namespace {

constexpr const char* zsh_helpers = R"zsh(
_hail_methods() {
    compadd -M 'm:{a-zA-Z}={A-Za-z}' -- $hail_methods
}

_hail_headers() {
    [[ $PREFIX == *:* ]] || compadd -S ':' -M 'm:{a-zA-Z}={A-Za-z}' -- $hail_headers
}

# The text after an @ is a file: @FILE, name@FILE, name=@FILE or NAME:@FILE.
_hail_source() {
    compset -P '[^@]#@' && _files
}

# The methods of the service at the address, as the last --list of it kept them.
_hail_service_methods() {
    local -a names before
    before=(${words[2,CURRENT-1]:#-*})
    names=(${(f)"$(_call_program methods command hail rpc ${(q)before[1]} --list --cached 2>/dev/null)"})
    compadd -- $names
}

_hail_item() {
    if ! _hail_source && [[ $PREFIX != *[=\;]* ]]; then
        _hail_headers
    fi
}

# The address after a method, or an item after an address.
_hail_item_or_address() {
    [[ -n ${(M)words[2,CURRENT-1]:#(#i)(${(j:|:)~hail_methods})} ]] || _hail_item
}

)zsh";

std::string value_action(const Option& option) {
    const std::string label = ":" + replaced(option.value, ":", "\\:") + ":";
    switch (option.kind) {
        case Kind::choice:
            return label + "(" + base::join(option.choices, " ") + ")";
        case Kind::file:
            return label + "_files";
        case Kind::directory:
            return label + "_files -/";
        case Kind::method:
            return label + "_hail_methods";
        case Kind::header:
            return label + "_hail_headers";
        case Kind::source:
            return label + "_hail_source";
        case Kind::service_method:
            return label + "_hail_service_methods";
        default:
            return label + " ";
    }
}

std::string option_line(const Option& option) {
    std::string help = replaced(replaced(option.help, "[", "\\["), "]", "\\]");
    help = replaced(help, "'", "'\\''");
    std::vector<std::string> heads = option.spellings();
    const bool takes_value = !option.value.empty();
    for (std::string& head : heads) {
        // "--name=" also takes the value as the next word, "-n+" as the rest of this one.
        head += takes_value ? (head.starts_with("--") ? "=" : "+") : "";
    }
    const std::string head = heads.size() == 1 ? "'*" + heads[0] : "'*'{" + base::join(heads, ",") + "}'";
    return "            " + head + "[" + help + "]" + (takes_value ? value_action(option) : "") + "' \\\n";
}

std::string argument_specs(const CompletedCommand& command) {
    std::string out;
    if (takes_method(command)) {
        out = "'1: :_hail_methods' '2: :_hail_item_or_address' ";
    } else {
        for (std::size_t number = 1; number <= arguments_before_rest(command); ++number) {
            const bool named = number == 2 && takes_service_method(command);
            out += "'" + std::to_string(number) + (named ? ": :_hail_service_methods' " : ": : ' ");
        }
    }
    switch (rest_of(command)) {
        case Kind::item:
            return out + "'*: :_hail_item'\n";
        case Kind::parameter:
            return out + "'*: :_hail_source'\n";
        case Kind::file:
            return out + "'*: :_files'\n";
        default:
            return out + "'*: : '\n";
    }
}

}  // namespace

std::string zsh_script(const std::vector<CompletedCommand>& commands) {
    std::string out = "#compdef hail\n# zsh completion of hail, made by: hail --completion zsh\n" +
                      std::string(zsh_helpers) +
                      "_hail() {\n"
                      "    local -a commands hail_methods hail_headers\n"
                      "    hail_methods=(" +
                      methods() + ")\n    hail_headers=(" + headers() + ")\n    commands=(\n";
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
        for (const Option& option : options_of(command)) {
            out += option_line(option);
        }
        out += "            " + argument_specs(command) + "        ;;\n";
    }
    return out + "    esac\n}\n\n_hail \"$@\"\n";
}

}  // namespace hail::cli::completion
