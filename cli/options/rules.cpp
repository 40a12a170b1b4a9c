#include "cli/options/rules.h"

#include <algorithm>
#include <utility>

#include "cli/options/home.h"
#include "lib/base/error.h"
#include "lib/base/output_path.h"

#include <CLI/CLI.hpp>

namespace hail::cli::options {

namespace {

using Options = Rules::Options;

bool is_off(const CLI::Option& option) {
    return option.get_expected_max() == 0 && !option.results().empty() && option.results().back() == "false";
}

const CLI::Option* find_given(const Options& given, const Names& names, const CLI::Option* other = nullptr) {
    const auto found = std::find_if(given.begin(), given.end(), [&](const CLI::Option* option) {
        return option != other && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
                   const auto& words = option->get_lnames();
                   return std::find(words.begin(), words.end(), name) != words.end();
               });
    });
    return found == given.end() || is_off(**found) ? nullptr : *found;
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

// The file that the option writes; empty: none. The name of a session is a file if it has a slash.
std::string written_file(const CLI::Option& option) {
    const std::string& path = option.results().back();
    const bool is_file = option.get_type_name() == "FILE" || path.find('/') != std::string::npos;
    return is_file ? at_home(path) : std::string();
}

}  // namespace

void Rules::check_files(const Options& all, const std::vector<std::string>& words) const {
    std::vector<std::pair<const CLI::Option*, std::string>> seen;
    for (const std::string_view name : files_) {
        const CLI::Option* const option = find_given(all, {name});
        if (option == nullptr) {
            continue;
        }
        const std::string file = written_file(*option);
        for (const auto& [other, path] : seen) {
            if (base::write_the_same_file(file, path)) {
                throw base::Error(
                    base::Exit::usage,
                    spelling(*other, words) + " and " + spelling(*option, words) + " name the same file",
                    "one of the two outputs would be lost");
            }
        }
        seen.emplace_back(option, file);
    }
}

void Rules::check(const Options& given, const Options& all, const std::vector<std::string>& words) const {
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
        if (one == nullptr || find_given(all, rule.right) != nullptr) {
            continue;
        }
        std::string others;
        for (const std::string_view name : rule.right) {
            others += (others.empty() ? "--" : " or --") + std::string(name);
        }
        throw base::Error(base::Exit::usage, spelling(*one, words) + " needs " + others);
    }
    check_files(all, words);
}

}  // namespace hail::cli::options
