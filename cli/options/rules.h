// Rules about options that exclude or need one another.
//
// Shape:   options are named by their long names, without dashes. Rules apply to options on the command line:
//          a default from the environment that does not fit is ignored. Messages name each option as it was
//          typed.
// Throws:  check() throws Error(usage) "-j and --form cannot be combined" or "--array needs --items".

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class Option;
}  // namespace CLI

namespace hail::cli::options {

using Names = std::vector<std::string_view>;  // of string literals

class Rules {
  public:
    void at_most_one(Names names) { exclusive_.push_back({std::move(names), {}}); }
    void exclude(Names left, Names right) { exclusive_.push_back({std::move(left), std::move(right)}); }
    void needs(std::string_view name, Names others) { needs_.push_back({{name}, std::move(others)}); }

    // `given` are the options on the command line, `words` all that was typed.
    void check(const std::vector<CLI::Option*>& given, const std::vector<std::string>& words) const;

  private:
    struct Rule {
        Names left;
        Names right;  // empty: the names on the left exclude each other
    };

    std::vector<Rule> exclusive_;
    std::vector<Rule> needs_;
};

}  // namespace hail::cli::options
