// The one way to declare an option: under a heading of the help, with the name of its value, its environment
// name and the variable that receives the value. Help, completions and the tests of the option tree read all
// of this back.
//
// Shape:   names as CLI11 writes them, "-o,--output". The name of a value says how it completes: FILE, DIR,
//          or the choices themselves, "auto|always|never". If an option is repeated, its last value counts,
//          unless it is a list. An empty value is refused, because it is usually a variable of a script that
//          is not set; an empty variable of the environment counts as not set.
// Throws:  parsing throws Error(usage) for a value that does not fit; the message names the option and a
//          value that would fit.

#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options/parser.h"
#include "lib/base/deadline.h"

namespace CLI {
class Option;
}  // namespace CLI

namespace hail::cli::options {

struct Range {
    std::uint64_t least = 0;
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

class Group {
  public:
    Group(Parser& parser, std::string heading) : parser_(parser), heading_(std::move(heading)) {}

    void flag(const std::string& names, bool& target, const std::string& help,
              const std::string& environment = {});
    void text(const std::string& names, std::string& target, const std::string& value,
              const std::string& help, const std::string& environment = {});
    void text(const std::string& names, std::optional<std::string>& target, const std::string& value,
              const std::string& help, const std::string& environment = {});
    void text_or_empty(const std::string& names, std::optional<std::string>& target, const std::string& value,
                       const std::string& help, const std::string& environment = {});
    // Fails if the option is given twice, because one of the two values would be lost.
    void text_once(const std::string& names, std::optional<std::string>& target, const std::string& value,
                   const std::string& help, const std::string& environment = {});
    void text_once_or_empty(const std::string& names, std::optional<std::string>& target,
                            const std::string& value, const std::string& help);
    // All words after it are the program and its arguments; they are not options.
    void program(const std::string& name, std::vector<std::string>& target, const std::string& help);
    void list(const std::string& names, std::vector<std::string>& target, const std::string& value,
              const std::string& help);
    void duration(const std::string& names, std::optional<base::Milliseconds>& target,
                  const std::string& help, const std::string& environment = {});
    void size(const std::string& names, std::uint64_t& target, const std::string& help,
              const std::string& environment = {});
    void number(const std::string& names, std::uint64_t& target, const std::string& help,
                const std::string& environment = {}, Range range = {});
    void number(const std::string& names, std::optional<std::uint64_t>& target, const std::string& help,
                Range range = {});

    // A flag that sets one value of a setting, such as -4.
    template <typename Enum>
    void flag_for(const std::string& names, Enum& target, Enum meaning, const std::string& help) {
        return flag_that(
            names, [&target, meaning] { target = meaning; }, help);
    }

    // One of several words, each with its meaning.
    template <typename Enum, typename Target>
    void choice(const std::string& names, Target& target,
                std::initializer_list<std::pair<std::string_view, Enum>> choices, const std::string& help,
                const std::string& environment = {}) {
        const std::vector<std::pair<std::string_view, Enum>> table(choices);
        std::string value;
        for (const auto& [word, meaning] : table) {
            value += (value.empty() ? "" : "|") + std::string(word);
        }
        parsed(names, value, help, environment, {"is not one of " + value, ""},
               [&target, table](const std::string& text) {
                   for (const auto& [word, meaning] : table) {
                       if (word == text) {
                           target = meaning;
                           return true;
                       }
                   }
                   return false;
               });
    }

  private:
    void number_in(const std::string& names, const std::string& help, const std::string& environment,
                   Range range, const std::function<void(std::uint64_t)>& take);
    using Parse = std::function<bool(const std::string&)>;  // false: the value does not fit
    struct Misfit {
        std::string why;
        std::string hint;
    };
    void parsed(const std::string& names, const std::string& value, const std::string& help,
                const std::string& environment, const Misfit& misfit, const Parse& parse);
    enum class Empty { refused, allowed };
    CLI::Option* once(const std::string& names, std::optional<std::string>& target, Empty empty,
                      const std::string& help);
    void flag_that(const std::string& names, const std::function<void()>& act, const std::string& help);

    Parser& parser_;
    std::string heading_;
};

}  // namespace hail::cli::options
