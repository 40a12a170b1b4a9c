#include "cli/options/rules.h"

#include <algorithm>

#include "lib/base/error.h"

#include <CLI/CLI.hpp>

namespace hail::cli::options {

namespace {

using Given = std::vector<CLI::Option*>;

const CLI::Option* find_given(const Given& given, const Names& names, const CLI::Option* other = nullptr) {
    const auto found = std::find_if(given.begin(), given.end(), [&](const CLI::Option* option) {
        return option != other && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
                   const auto& words = option->get_lnames();
                   return std::find(words.begin(), words.end(), name) != words.end();
               });
    });
    return found == given.end() ? nullptr : *found;
}

// The spelling on the command line: "--json" for "--json" and "--json=true", "-j" for "-j" and "-vj".
std::string spelling(const CLI::Option& option, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        std::string name = word.substr(0, word.find('='));
        for (const std::string& one : option.get_lnames()) {
            if (name == "--" + one) {
                return name;
            }
        }
        for (const std::string& letter : option.get_snames()) {
            if (word.size() > 1 && word[0] == '-' && word[1] != '-' && word.find(letter) != word.npos) {
                return "-" + letter;
            }
        }
    }
    return option.get_name();
}

}  // namespace

void Rules::check(const std::vector<CLI::Option*>& given, const std::vector<std::string>& words) const {
    for (const Rule& rule : exclusive_) {
        const CLI::Option* const one = find_given(given, rule.left);
        const CLI::Option* const other =
            one == nullptr ? nullptr : find_given(given, rule.right.empty() ? rule.left : rule.right, one);
        if (other != nullptr) {
            throw base::Error(base::Exit::usage, spelling(*one, words) + " and " + spelling(*other, words) +
                                                     " cannot be combined");
        }
    }
    for (const Rule& rule : needs_) {
        const CLI::Option* const one = find_given(given, rule.left);
        if (one == nullptr || find_given(given, rule.right) != nullptr) {
            continue;
        }
        std::string others;
        for (const std::string_view name : rule.right) {
            others += (others.empty() ? "--" : " or --") + std::string(name);
        }
        throw base::Error(base::Exit::usage, spelling(*one, words) + " needs " + others);
    }
}

}  // namespace hail::cli::options
