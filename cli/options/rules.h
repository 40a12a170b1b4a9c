// Rules about options that exclude or need one another, or that must not write the same file.
//
// Shape:   options are named by their long names, without dashes; the names that a command does not have are
//          skipped. Rules apply to options on the command line: a default from the environment that does not
//          fit is ignored, but it may be the option that another one needs, or name the file that another one
//          writes. A flag that is switched off, as in --follow=false, counts as not given. Messages name each
//          option as it was typed.
// Throws:  check() throws Error(usage) "-j and --form cannot be combined", "--array needs --items" or
//          "-o and --errors name the same file".

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

    // These options write files, each its own.
    void write_files(const Names& names) { files_.insert(files_.end(), names.begin(), names.end()); }

    // `given` are the options on the command line, `all` also those with a value from the environment,
    // `words` all that was typed.
    using Options = std::vector<const CLI::Option*>;
    void check(const Options& given, const Options& all, const std::vector<std::string>& words) const;

  private:
    struct Rule {
        Names left;
        Names right;  // empty: the names on the left exclude each other
    };

    void check_files(const Options& all, const std::vector<std::string>& words) const;

    std::vector<Rule> exclusive_;
    std::vector<Rule> needs_;
    Names files_;
};

}  // namespace hail::cli::options
