#include "cli/options/parser.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/options/foreign.h"
#include "cli/options/home.h"
#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

#include <CLI/CLI.hpp>

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

// The number of letters to insert, remove, replace or swap with the next one. Source: the optimal string
// alignment of Damerau and Levenshtein.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            rows[i][j] = std::min({replaced, rows[i - 1][j] + 1, rows[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows.back().back();
}

// How far a typed name is from an option's, both without dashes. Nothing if a slip is not likely: more than
// one fault in four letters, unless the name is the beginning of the option's.
std::optional<std::size_t> slip(std::string_view typed, std::string_view option) {
    constexpr std::size_t least_beginning = 3;
    if (typed.size() >= least_beginning && option.starts_with(typed)) {
        return 1;
    }
    const std::size_t far = distance(typed, option);
    return typed.size() > 1 && far <= std::max<std::size_t>(1, typed.size() / 4) ? std::optional(far)
                                                                                 : std::nullopt;
}

[[noreturn]] void reject_option(const CLI::App& tree, const std::string& typed) {
    const std::string name = typed.substr(0, typed.find('='));
    const std::string_view typed_name =
        std::string_view(name).substr(std::min(name.find_first_not_of('-'), name.size()));
    std::string nearest;
    std::optional<std::size_t> least;
    for (const CLI::Option* option : tree.get_options()) {
        for (const std::string& word : option->get_lnames()) {
            const auto far = name.starts_with("--") ? slip(typed_name, word) : std::nullopt;
            if (far && (!least || *far < *least) && !are_opposites(name, word)) {
                least = far;
                nearest = "--" + word;
            }
        }
    }
    throw Error(Exit::usage, "reading the command line: unknown option " + base::one_line(name),
                nearest.empty() ? "see --help; put -- before an argument that begins with -"
                                : "did you mean " + nearest + "?");
}

// True for an option of another program that changes nothing here; one with another name is rejected with
// that name.
bool is_ignored(const CLI::App& tree, const std::string& typed) {
    const ForeignOption* const foreign = find_foreign(typed, [&](std::string_view name) {
        return tree.get_option_no_throw("--" + std::string(name)) != nullptr;
    });
    if (foreign == nullptr) {
        reject_option(tree, typed);
    }
    if (foreign->advice.empty()) {
        return true;
    }
    throw Error(
        Exit::usage,
        "reading the command line: unknown option " + base::one_line(typed.substr(0, typed.find('='))),
        "write " + std::string(foreign->advice));
}

// The words that CLI11 left over, without the options among them. They are all arguments, the "--" that ends
// the options, and before it unknown options, which are rejected.
std::vector<std::string> without_options(const CLI::App& tree, std::vector<std::string> words) {
    std::vector<std::string> arguments;
    const auto end = std::find(words.begin(), words.end(), "--");
    for (auto word = words.begin(); word != words.end(); ++word) {
        const bool dash = word < end && word->size() > 1 && word->front() == '-';
        const bool digit = dash && base::is_digit((*word)[1]);
        const bool is_option = dash && !digit && is_ignored(tree, *word);
        if (word != end && !is_option) {
            arguments.push_back(std::move(*word));
        }
    }
    return arguments;
}

bool takes_value(const CLI::App& tree, const std::string& name) {
    const CLI::Option* const option = name.empty() ? nullptr : tree.get_option_no_throw(name);
    return option != nullptr && option->get_items_expected_max() > 0;
}

// The words with "--name=" as two words: CLI11 would take the word after it as the value.
std::vector<std::string> with_empty_values(const CLI::App& tree, const std::vector<std::string>& words) {
    std::vector<std::string> result;
    bool is_value = false;  // of the option before it
    bool ended = false;
    for (const std::string& word : words) {
        ended = ended || (!is_value && word == "--");
        const bool split = !ended && !is_value && word.starts_with("--") && word.ends_with('=') &&
                           takes_value(tree, word.substr(0, word.size() - 1));
        result.push_back(split ? word.substr(0, word.size() - 1) : word);
        if (split) {
            result.emplace_back();
        }
        is_value = !ended && !is_value && word.starts_with('-') && takes_value(tree, word);
    }
    return result;
}

}  // namespace

namespace {

// CLI11 names only the option with the wrong value, even if the value comes from the environment.
[[noreturn]] void reject_flag_value(const Parser& parser, const CLI::ParseError& problem) {
    const std::string words = problem.what();
    for (const CLI::Option* option : std::as_const(parser.tree()).get_options()) {
        const bool named = words.find(option->get_name() + " = ") != words.npos;
        if (named && !option->results().empty()) {
            throw Error(Exit::usage, parser.source_of(*option) + ": '" +
                                         base::one_line(option->results().back()) +
                                         "' is neither true nor false");
        }
    }
    throw Error(Exit::usage, "reading the command line: " + base::one_line(words), "see --help");
}

}  // namespace

class Parser::Tree : public CLI::App {
  public:
    explicit Tree(const std::string& usage) : CLI::App("", usage) {}

    CLI::Option* declare(const std::function<CLI::Option*(CLI::App&)>& add) {
        std::vector<CLI::Option_p> others;
        others.swap(options_);
        CLI::Option* const added = add(*this);
        others.push_back(std::move(options_.back()));
        options_.swap(others);
        return added;
    }
};

Parser::Parser(const std::string& usage) : tree_(std::make_unique<Tree>(usage)) {
    tree_->set_help_flag("-h,--help", "Show this help")->group("Other");
    tree_->set_version_flag("-V,--version", [] { return std::string(); })
        ->group("Other")
        ->description("Print the versions of hail and of its libraries");
    tree_->allow_extras();
}

Parser::~Parser() = default;

CLI::App& Parser::tree() const {
    return *tree_;
}

CLI::Option* Parser::declare(const std::function<CLI::Option*(CLI::App&)>& add) {
    return tree_->declare(add);
}

bool Parser::is_typed(const CLI::Option& option) const {
    const std::vector<CLI::Option*>& typed = std::as_const(*tree_).parse_order();
    return std::find(typed.begin(), typed.end(), &option) != typed.end();
}

std::string Parser::source_of(const CLI::Option& option) const {
    return is_typed(option) ? "option " + option.get_name() : "variable " + option.get_envname();
}

void Parser::describe(const std::string& text) {
    tree_->description(text);
}

void Parser::examples(const std::string& text) {
    tree_->footer(text);
}

void Parser::argument(const std::string& name, std::string& target, const std::string& help) {
    arguments_.push_back({name, help});
    required_.push_back(&target);
}

void Parser::argument(const std::string& name, std::optional<std::string>& target, const std::string& help) {
    arguments_.push_back({name, help});
    optional_ = &target;
}

void Parser::arguments(const std::string& name, std::vector<std::string>& target, const std::string& help) {
    arguments_.push_back({name, help});
    rest_ = &target;
}

// The words up to the name of the program, which stays as the value of the option.
std::vector<std::string> Parser::without_program(const std::vector<std::string>& words) const {
    bool is_value = false;  // of the option before it
    for (auto word = words.begin(); program_ != nullptr && word != words.end() && *word != "--"; ++word) {
        if (!is_value && *word == program_name_ && word + 1 != words.end()) {
            const auto program = word + (word[1] == "--" && word + 2 != words.end() ? 2 : 1);
            program_->assign(program, words.end());
            std::vector<std::string> rest(words.begin(), word + 1);
            rest.push_back(*program);
            return rest;
        }
        is_value = !is_value && word->starts_with('-') && takes_value(*tree_, *word);
    }
    return words;
}

Parser::Parsed Parser::parse(const std::vector<std::string>& words) {
    try {
        std::vector<std::string> last_first = with_empty_values(*tree_, without_program(words));
        std::reverse(last_first.begin(), last_first.end());
        tree_->parse(std::move(last_first));
    } catch (const CLI::CallForHelp&) {
        return Parsed::show_help;
    } catch (const CLI::CallForVersion&) {
        return Parsed::show_version;
    } catch (const CLI::ConversionError& problem) {
        reject_flag_value(*this, problem);
    } catch (const CLI::ParseError& problem) {
        // CLI11's message is kept; its exit status is not.
        throw Error(Exit::usage, "reading the command line: " + base::one_line(problem.what()), "see --help");
    }
    std::vector<std::string> given = without_options(*tree_, tree_->remaining());
    const auto& typed = std::as_const(*tree_).parse_order();
    const auto set = std::as_const(*tree_).get_options(
        [](const CLI::Option* option) { return !option->results().empty(); });
    rules_.check({typed.begin(), typed.end()}, set, words);
    for (const auto& [name, target] : notes_) {
        *target = is_typed(*tree_->get_option("--" + name));
    }
    for (const auto& [name, target] : collected_) {
        const CLI::Option* const option = tree_->get_option_no_throw("--" + name);
        if (option != nullptr && is_typed(*option)) {
            target->push_back("--" + name);
        }
    }
    assign(std::move(given));
    return Parsed::run;
}

void Parser::assign(std::vector<std::string> given) const {
    if (given.size() < required_.size()) {
        throw Error(Exit::usage, "reading the command line: missing " + arguments_[given.size()].name,
                    "usage: " + tree_->get_name());
    }
    std::size_t next = 0;
    for (std::string* const target : required_) {
        *target = std::move(given[next++]);
    }
    if (optional_ != nullptr && next < given.size()) {
        *optional_ = std::move(given[next++]);
    }
    if (next < given.size() && rest_ == nullptr) {
        throw Error(Exit::usage,
                    "reading the command line: unexpected argument '" + base::one_line(given[next]) + "'",
                    "usage: " + tree_->get_name());
    }
    if (rest_ != nullptr) {
        rest_->assign(std::make_move_iterator(given.begin() + static_cast<std::ptrdiff_t>(next)),
                      std::make_move_iterator(given.end()));
        if (arguments_.back().name == "FILE") {
            std::transform(rest_->begin(), rest_->end(), rest_->begin(), at_home);
        }
    }
}

}  // namespace hail::cli::options
