// Compares help, man pages, completions, README and the table of exit statuses with one another.

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/completion.h"
#include "lib/base/exit.h"

#include <doctest/doctest.h>
#include <CLI/CLI.hpp>

using namespace hail;

namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(std::string(HAIL_SOURCE) + "/" + path, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// One option as a row: "-o --output FILE".
using Rows = std::set<std::string>;

// The options of a man page: ".It Fl o , Fl -output Ar FILE".
Rows options_in_page(const std::string& page) {
    Rows rows;
    for (const std::string& line : lines_of(page)) {
        if (!line.starts_with(".It Fl ")) {
            continue;
        }
        std::istringstream words(line.substr(4));
        std::string row;
        for (std::string word; words >> word;) {
            if (word == "Fl") {
                words >> word;
                row += (row.empty() ? "-" : " -") + word;
            } else if (word == "Ar") {
                words >> word;
                row += " " + word;
            }
        }
        rows.insert(row);
    }
    return rows;
}

std::string row_of(const CLI::Option& option) {
    std::string row;
    for (const auto& letter : option.get_snames()) {
        row += (row.empty() ? "-" : " -") + letter;
    }
    for (const auto& word : option.get_lnames()) {
        row += (row.empty() ? "--" : " --") + word;
    }
    return option.get_type_name().empty() ? row : row + " " + option.get_type_name();
}

// The options under the headings that commands share.
Rows shared_rows(const cli::Command& command) {
    static const std::set<std::string> headings{"Connection", "Output", "Other"};
    Rows rows;
    const auto prepared = cli::prepare(command);
    for (const CLI::Option* option : prepared.parser->tree().get_options()) {
        if (headings.contains(option->get_group())) {
            rows.insert(row_of(*option));
        }
    }
    return rows;
}

// The options that hail(1) describes: those that several commands have. An option of a single command is
// described in that command's page, whatever its heading.
Rows all_shared_rows() {
    Rows seen;
    Rows shared;
    for (const cli::Command& command : cli::commands()) {
        for (const std::string& row : shared_rows(command)) {
            if (!seen.insert(row).second) {
                shared.insert(row);
            }
        }
    }
    return shared;
}

std::string joined(const Rows& rows) {
    std::string text;
    for (const auto& row : rows) {
        text += row + "\n";
    }
    return text;
}

Rows difference(const Rows& a, const Rows& b) {
    Rows rest;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
    return rest;
}

// ".Ev NAME", as a whole word.
bool names_variable(const std::string& page, const std::string& name) {
    const auto lines = lines_of(page);
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line == ".Ev " + name || line.starts_with(".Ev " + name + " ");
    });
}

// The rows of EXIT STATUS in hail(1): ".It 2 Pq timed_out" and its meaning in the next line.
std::vector<std::string> exit_rows_in_page(const std::string& page) {
    const auto lines = lines_of(page);
    std::vector<std::string> rows;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        std::istringstream words(lines[i]);
        std::string it;
        std::string code;
        std::string pq;
        std::string name;
        if (words >> it >> code >> pq >> name && it == ".It" && pq == "Pq") {
            rows.push_back("| " + code + " | " + name + " | " + lines[i + 1] + " |");
        }
    }
    return rows;
}

std::vector<std::string> exit_rows() {
    std::vector<std::string> rows;
    for (const auto& info : base::exit_table()) {
        rows.push_back("| " + std::to_string(static_cast<int>(info.exit)) + " | " + std::string(info.name) +
                       " | " + std::string(info.meaning) + " |");
    }
    return rows;
}

}  // namespace

TEST_CASE("docs: the exit table of hail in its man page is the one in the code") {
    CHECK(exit_rows_in_page(read_file("man/hail.1")) == exit_rows());
}

TEST_CASE("docs: the exit table of the README is the one in the code") {
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(read_file("README.md"))) {
        if (line.starts_with("| ") && line.size() > 2 && line[2] >= '0' && line[2] <= '9') {
            rows.push_back(line);
        }
    }
    CHECK(rows == exit_rows());
}

TEST_CASE("docs: the man page of a command lists exactly its options") {
    const Rows shared_in_page = options_in_page(read_file("man/hail.1"));
    Rows shared = all_shared_rows();
    for (const cli::Command& command : cli::commands()) {
        CAPTURE(command.name);
        const Rows in_page = options_in_page(read_file("man/hail-" + std::string(command.name) + ".1"));
        Rows own;
        const auto prepared = cli::prepare(command);
        for (const CLI::Option* option : prepared.parser->tree().get_options()) {
            if (const std::string row = row_of(*option); !shared.contains(row)) {
                own.insert(row);
            }
        }
        CHECK(joined(difference(own, in_page)).empty());
        CHECK(joined(difference(in_page, own)).empty());
    }
    // If digits may be data, -4 and -6 are missing; the page says that in a sentence.
    shared.erase("--ipv4");
    shared.erase("--ipv6");
    shared.insert({"-V --version", "--completion bash|zsh|fish"});
    CHECK(joined(difference(shared, shared_in_page)).empty());
    CHECK(joined(difference(shared_in_page, shared)).empty());
}

TEST_CASE("docs: every environment name is in hail(1) and in the man page of its option") {
    const std::string general = read_file("man/hail.1");
    const Rows shared = all_shared_rows();
    for (const cli::Command& command : cli::commands()) {
        const std::string page = read_file("man/hail-" + std::string(command.name) + ".1");
        const auto prepared = cli::prepare(command);
        for (const CLI::Option* option : prepared.parser->tree().get_options()) {
            if (option->get_envname().empty()) {
                continue;
            }
            CAPTURE(option->get_envname());
            CHECK(names_variable(general, option->get_envname()));
            CHECK((shared.contains(row_of(*option)) || names_variable(page, option->get_envname())));
        }
    }
}

TEST_CASE("docs: every option has a help text and a heading, every value a name") {
    for (const cli::Command& command : cli::commands()) {
        const auto prepared = cli::prepare(command);
        CHECK(!prepared.parser->tree().get_description().empty());
        CHECK(!prepared.parser->tree().get_footer().empty());
        for (const CLI::Option* option : prepared.parser->tree().get_options()) {
            CAPTURE(option->get_name());
            CHECK(!option->get_description().empty());
            CHECK(!option->get_group().empty());
            CHECK((option->get_items_expected_max() == 0 || !option->get_type_name().empty()));
        }
    }
}

TEST_CASE("docs: the names of a command's options are unique") {
    for (const cli::Command& command : cli::commands()) {
        const auto prepared = cli::prepare(command);
        std::set<std::string> names;
        for (const CLI::Option* option : prepared.parser->tree().get_options()) {
            for (const auto& all : {option->get_lnames(), option->get_snames()}) {
                for (const std::string& name : all) {
                    CAPTURE(command.name);
                    CAPTURE(name);
                    CHECK(names.insert(name).second);
                }
            }
        }
    }
}

TEST_CASE("docs: a letter means the same in every command") {
    std::map<std::string, std::string> meaning;
    for (const cli::Command& command : cli::commands()) {
        const auto prepared = cli::prepare(command);
        for (const CLI::Option* option : prepared.parser->tree().get_options()) {
            for (const std::string& letter : option->get_snames()) {
                REQUIRE(!option->get_lnames().empty());
                const auto [known, first] = meaning.emplace(letter, option->get_lnames().front());
                CAPTURE(letter);
                CHECK(known->second == option->get_lnames().front());
            }
        }
    }
}

TEST_CASE("docs: the completion scripts are those that hail prints") {
    const std::map<std::string, std::string> files{
        {"bash", "completions/hail.bash"}, {"zsh", "completions/_hail"}, {"fish", "completions/hail.fish"}};
    for (const auto& file : files) {
        const std::string& path = file.second;
        std::vector<cli::CompletedCommand> all;
        for (const cli::Command& command : cli::commands()) {
            all.push_back(
                {std::string(command.name), std::string(command.summary), cli::prepare(command).parser});
        }
        CAPTURE(path);
        CHECK((read_file(path) == cli::completion_script(file.first, all)));
    }
}
