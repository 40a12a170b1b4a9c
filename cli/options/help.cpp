#include "cli/options/help.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace hail::cli::options {

namespace {

constexpr std::size_t help_column = 34;
constexpr std::size_t width = 100;

// Breaks the text at spaces and indents each further line to the column.
void append_wrapped(std::string& out, std::size_t column, std::string_view text) {
    while (!text.empty()) {
        std::size_t end = text.size();
        if (column + end > width) {
            end = text.rfind(' ', width - column);
            end = end == text.npos || end == 0 ? text.size() : end;
        }
        out.append(text.substr(0, end));
        out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!text.empty()) {
            out.append(column, ' ');
        }
    }
}

void append_row(std::string& out, const std::string& left, const std::string& right) {
    out += left;
    if (left.size() + 2 > help_column) {
        out += '\n';
        out.append(help_column, ' ');
    } else {
        out.append(help_column - left.size(), ' ');
    }
    append_wrapped(out, help_column, right);
}

std::string option_names(const CLI::Option& option) {
    std::string names;
    for (const auto& letter : option.get_snames()) {
        names += (names.empty() ? "-" : ", -") + letter;
    }
    std::string left = names.empty() ? "      " : "  " + names;
    for (const auto& name : option.get_lnames()) {
        left += (names.empty() ? "--" : ", --") + name;
        names = name;
    }
    return option.get_type_name().empty() ? left : left + " " + option.get_type_name();
}

std::string option_meaning(const CLI::Option& option) {
    const std::string environment = option.get_envname();
    return option.get_description() + (environment.empty() ? "" : " [" + environment + "]");
}

// In the order of declaration, except that the groups that all commands share come last.
std::vector<std::string> headings(const CLI::App& command) {
    std::vector<std::string> all = command.get_groups();
    std::stable_partition(all.begin(), all.end(), [](const std::string& heading) {
        return heading != "Connection" && heading != "Output" && heading != "Other";
    });
    std::stable_partition(all.begin(), all.end(),
                          [](const std::string& heading) { return heading != "Other"; });
    return all;
}

}  // namespace

std::string help_text(const Parser& parser) {
    const CLI::App& command = parser.tree();
    std::string out = "Usage: " + command.get_name() + "\n\n";
    append_wrapped(out, 0, command.get_description());
    if (!parser.declared_arguments().empty()) {
        out += "\nArguments:\n";
    }
    for (const auto& argument : parser.declared_arguments()) {
        append_row(out, "  " + argument.name, argument.help);
    }
    for (const std::string& group : headings(command)) {
        out += "\n" + group + ":\n";
        for (const CLI::Option* option : command.get_options()) {
            if (option->get_group() == group) {
                append_row(out, option_names(*option), option_meaning(*option));
            }
        }
    }
    const std::string examples = command.get_footer();
    return examples.empty() ? out : out + "\nExamples:\n" + examples;
}

}  // namespace hail::cli::options
