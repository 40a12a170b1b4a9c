// The options and arguments of one command, and the variables that receive them.
//
// Shape:   arguments arrive exactly as typed. They do not pass through CLI11, which splits "[1,2]" at the
//          comma and drops "{}"; CLI11 only tells them from options.
// Throws:  parse() throws Error(usage) for words that do not fit.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/options/rules.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hail::cli::options {

class Parser {
  public:
    struct Argument {
        std::string name;
        std::string help;
    };

    // Usage is the whole line, "hail rpc ADDRESS METHOD [PARAM]...".
    explicit Parser(const std::string& usage);
    ~Parser();
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    void describe(const std::string& text);  // what the command does
    void examples(const std::string& text);  // one per line, indented by two spaces

    // Declared in order: first the required arguments, then at most one that may be missing, then at most one
    // list that takes all others.
    void argument(const std::string& name, std::string& target, const std::string& help);
    void argument(const std::string& name, std::optional<std::string>& target, const std::string& help);
    void arguments(const std::string& name, std::vector<std::string>& target, const std::string& help);

    // The option of this name takes all words after it, as they are: a program and its arguments.
    void program(const std::string& name, std::vector<std::string>& target) {
        program_name_ = "--" + name;
        program_ = &target;
    }

    // Which options exclude or need one another; parse() checks them.
    Rules& rules() { return rules_; }

    // parse() sets the target to true if the option, named without dashes, is on the command line.
    void note_if_typed(const std::string& name, bool& target) { notes_.emplace_back(name, &target); }

    // parse() adds those of these options that are on the command line, as "--name".
    void collect_typed(const Names& names, std::vector<std::string>& target) {
        for (const std::string_view name : names) {
            collected_.emplace_back(name, &target);
        }
    }

    enum class Parsed { run, show_help, show_version };
    Parsed parse(const std::vector<std::string>& words);

    CLI::App& tree() const;
    // Adds one option to the tree. CLI11 alone would compare its names with those of all other options, which
    // takes a tenth of a short run; a test checks that no name occurs twice.
    CLI::Option* declare(const std::function<CLI::Option*(CLI::App&)>& add);
    // The source of the option's value: "option --retry" or "variable HAIL_RETRY".
    std::string source_of(const CLI::Option& option) const;
    const std::vector<Argument>& declared_arguments() const { return arguments_; }

  private:
    bool is_typed(const CLI::Option& option) const;

    class Tree;

    void assign(std::vector<std::string> given) const;
    std::vector<std::string> without_program(const std::vector<std::string>& words) const;

    std::unique_ptr<Tree> tree_;
    Rules rules_;
    std::vector<std::pair<std::string, bool*>> notes_;
    std::vector<std::pair<std::string, std::vector<std::string>*>> collected_;
    std::vector<Argument> arguments_;
    std::vector<std::string*> required_;
    std::optional<std::string>* optional_ = nullptr;
    std::vector<std::string>* rest_ = nullptr;
    std::string program_name_;
    std::vector<std::string>* program_ = nullptr;
};

}  // namespace hail::cli::options
