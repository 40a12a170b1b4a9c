#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/options/rules.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

// One command's words: which options and arguments it takes, and how they reach it.
//
// Shape:   arguments arrive exactly as typed. They do not pass through CLI11, which splits "[1,2]" at the comma
//          and drops "{}"; it only tells them from options.
// Throws:  parse() throws Error(usage) for words that do not fit.

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

    void describe(const std::string& text);  // what the command is for
    void examples(const std::string& text);  // one a line, indented by two spaces

    // Arguments in their order: required ones first, then at most one list that takes the rest.
    void argument(const std::string& name, std::string& target, const std::string& help);
    void arguments(const std::string& name, std::vector<std::string>& target, const std::string& help);

    // Which options exclude or need one another; parse() checks them.
    Rules& rules() { return rules_; }

    enum class Parsed { run, show_help };
    Parsed parse(const std::vector<std::string>& words);

    CLI::App& tree() const;
    // Has one option added to the tree. CLI11 would compare its names with those of every other one, which is a tenth
    // of a one-shot run; that no name is there twice is tested.
    CLI::Option* declare(const std::function<CLI::Option*(CLI::App&)>& add);
    // Where the option's value comes from: "option --retry", or "variable HAIL_RETRY".
    std::string source_of(const CLI::Option& option) const;
    const std::vector<Argument>& declared_arguments() const { return arguments_; }

  private:
    class Tree;
    std::unique_ptr<Tree> tree_;
    Rules rules_;
    std::vector<Argument> arguments_;
    std::vector<std::string*> required_;
    std::vector<std::string>* rest_ = nullptr;
};

}  // namespace hail::cli::options
