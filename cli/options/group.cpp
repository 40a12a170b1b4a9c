#include "cli/options/group.h"

#include <algorithm>
#include <memory>

#include "cli/options/home.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

#include <CLI/CLI.hpp>

namespace hail::cli::options {

namespace {

using Take = std::function<void(const CLI::Option&)>;

// CLI11 changes the texts that it passes to the callback of an option: there, "{}" stands for an empty list.
// The option itself keeps the texts as typed, so the callback reads them from it.
CLI::Option* add(Parser& parser, const std::string& names, const std::string& help, const Take& take) {
    const auto self = std::make_shared<const CLI::Option*>(nullptr);
    const auto callback = [self, take](const CLI::results_t&) {
        take(**self);
        return true;
    };
    CLI::Option* option =
        parser.declare([&](CLI::App& tree) { return tree.add_option(names, callback, help); });
    *self = option;
    return option;
}

void describe(CLI::Option* option, const std::string& heading, const std::string& value,
              const std::string& environment) {
    option->group(heading);
    option->type_name(value);
    option->envname(environment);
}

// The shell expands "~/" only at the front of a word: not in --cacert=~/ca.pem, nor in HAIL_CACERT.
std::string as_typed_or_at_home(const std::string& value, const std::string& text) {
    return value == "FILE" || value == "DIR" ? at_home(text) : text;
}

void refuse_empty(const CLI::Option& given) {
    const auto& values = given.results();
    if (std::find(values.begin(), values.end(), "") != values.end()) {
        throw base::Error(base::Exit::usage, "option " + given.get_name() + ": the value is empty");
    }
}

}  // namespace

void Group::flag(const std::string& names, bool& target, const std::string& help,
                 const std::string& environment) {
    CLI::Option* option = parser_.declare([&](CLI::App& tree) { return tree.add_flag(names, target, help); });
    describe(option, heading_, "", environment);
}

void Group::flag_that(const std::string& names, const std::function<void()>& act, const std::string& help) {
    CLI::Option* option =
        parser_.declare([&](CLI::App& tree) { return tree.add_flag_callback(names, act, help); });
    describe(option, heading_, "", "");
}

void Group::parsed(const std::string& names, const std::string& value, const std::string& help,
                   const std::string& environment, const Misfit& misfit, const Parse& parse) {
    const Parser& parser = parser_;
    CLI::Option* option = add(parser_, names, help, [misfit, parse, &parser](const CLI::Option& given) {
        const std::string& text = given.results().back();
        if (!parse(text)) {
            refuse_empty(given);
            throw base::Error(base::Exit::usage,
                              parser.source_of(given) + ": '" + base::one_line(text) + "' " + misfit.why,
                              misfit.hint);
        }
    });
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    describe(option, heading_, value, environment);
}

void Group::text(const std::string& names, std::string& target, const std::string& value,
                 const std::string& help, const std::string& environment) {
    parsed(names, value, help, environment, {}, [&target, value](const std::string& text) {
        target = as_typed_or_at_home(value, text);
        return !text.empty();
    });
}

void Group::text(const std::string& names, std::optional<std::string>& target, const std::string& value,
                 const std::string& help, const std::string& environment) {
    parsed(names, value, help, environment, {}, [&target, value](const std::string& text) {
        target = as_typed_or_at_home(value, text);
        return !text.empty();
    });
}

void Group::text_or_empty(const std::string& names, std::optional<std::string>& target,
                          const std::string& value, const std::string& help, const std::string& environment) {
    parsed(names, value, help, environment, {}, [&target](const std::string& text) {
        target = text;
        return true;
    });
}

CLI::Option* Group::once(const std::string& names, std::optional<std::string>& target, Empty empty,
                         const std::string& help) {
    CLI::Option* option = add(parser_, names, help, [&target, empty](const CLI::Option& given) {
        if (given.results().size() > 1) {
            throw base::Error(base::Exit::usage, "option " + given.get_name() + ": given more than once",
                              "use it only once");
        }
        target = given.results().front();
        if (empty == Empty::refused) {
            refuse_empty(given);
        }
    });
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return option;
}

void Group::text_once(const std::string& names, std::optional<std::string>& target, const std::string& value,
                      const std::string& help, const std::string& environment) {
    describe(once(names, target, Empty::refused, help), heading_, value, environment);
}

void Group::text_once_or_empty(const std::string& names, std::optional<std::string>& target,
                               const std::string& value, const std::string& help) {
    describe(once(names, target, Empty::allowed, help), heading_, value, "");
}

void Group::program(const std::string& name, std::vector<std::string>& target, const std::string& help) {
    parser_.program(name, target);
    parsed("--" + name, "PROGRAM...", help, "", {}, [&target](const std::string& text) {
        if (target.empty()) {
            target = {text};  // written as --exec=PROGRAM
        }
        return !text.empty();
    });
}

void Group::list(const std::string& names, std::vector<std::string>& target, const std::string& value,
                 const std::string& help) {
    CLI::Option* option = add(parser_, names, help, [&target](const CLI::Option& given) {
        refuse_empty(given);
        target = given.results();
    });
    // One value at a time, so that the option does not take the arguments after it.
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    describe(option, heading_, value, "");
}

void Group::duration(const std::string& names, std::optional<base::Milliseconds>& target,
                     const std::string& help, const std::string& environment) {
    parsed(names, "DURATION", help, environment, {"is not a duration", "write 500ms, 2s or 1m, at most 596h"},
           [&target](const std::string& text) {
               target = base::parse_duration(text);
               return target.has_value();
           });
}

void Group::size(const std::string& names, std::uint64_t& target, const std::string& help,
                 const std::string& environment) {
    parsed(names, "SIZE", help, environment, {"is not a size", "write 4096, 64k or 1M"},
           [&target](const std::string& text) {
               const auto size = base::parse_size(text);
               target = size.value_or(target);
               return size.has_value();
           });
}

void Group::number_in(const std::string& names, const std::string& help, const std::string& environment,
                      Range range, const std::function<void(std::uint64_t)>& take) {
    const bool bounded = range.most != Range().most;
    const std::string misfit = bounded ? "is not a whole number from " + std::to_string(range.least) +
                                             " to " + std::to_string(range.most)
                               : range.least > 0
                                   ? "is not a whole number of at least " + std::to_string(range.least)
                                   : "is not a whole number";
    parsed(names, "N", help, environment, {misfit, ""}, [take, range](const std::string& text) {
        const auto number = base::parse_number(text);
        if (!number || *number < range.least || *number > range.most) {
            return false;
        }
        take(*number);
        return true;
    });
}

void Group::number(const std::string& names, std::uint64_t& target, const std::string& help,
                   const std::string& environment, Range range) {
    number_in(names, help, environment, range, [&target](std::uint64_t number) { target = number; });
}

void Group::number(const std::string& names, std::optional<std::uint64_t>& target, const std::string& help,
                   Range range) {
    number_in(names, help, "", range, [&target](std::uint64_t number) { target = number; });
}

}  // namespace hail::cli::options
