#include "cli/app.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/commands/batch.h"
#include "cli/commands/publish.h"
#include "cli/commands/rest.h"
#include "cli/commands/rpc.h"
#include "cli/commands/subscribe.h"
#include "cli/completion.h"
#include "cli/options/help.h"
#include "cli/output/console.h"
#include "cli/signals.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/base/version.h"
#include "lib/net/curl.h"

namespace hail::cli {

namespace {

using base::Error;
using base::Exit;

// Most commands leave all output to the console.
template <typename Options>
output::Display display_of(const Options& options) {
    if constexpr (requires { options.console_display(); }) {
        return options.console_display();
    } else {
        return options.display;
    }
}

// After a failure, the person learns where the output so far is.
Exit run_or_keep(output::Console& console, const std::function<Exit()>& run) {
    try {
        return run();
    } catch (const Error&) {
        console.say_kept();
        throw;
    }
}

// Declares a command's options, which live as long as its run, and returns the run.
template <typename Options, void (*Declare)(options::Parser&, Options&),
          Exit (*Run)(const Options&, output::Console&, base::Stop&)>
std::function<Exit()> declare(options::Parser& parser) {
    const auto options = std::make_shared<Options>();
    Declare(parser, *options);
    return [options] {
        output::Console console(display_of(*options));
        base::Stop& stop = stop_on_signals();
        console.obey(stop);
        const Exit exit = run_or_keep(console, [&] { return Run(*options, console, stop); });
        const bool stopped = exit == Exit::interrupted || exit == Exit::terminated;
        stopped ? console.keep_part() : console.finish();
        return exit;
    };
}

std::string general_help() {
    std::string text =
        "Usage: hail COMMAND [ARGUMENT]...\n\n"
        "Talks to services: REST over HTTP, JSON-RPC 2.0, and publish/subscribe through a "
        "message broker.\n\nCommands:\n";
    for (const Command& command : commands()) {
        text += "  " + std::string(command.name) + std::string(12 - command.name.size(), ' ') +
                std::string(command.summary) + "\n";
    }
    return text +
           "\nOther:\n"
           "  -h, --help                    Show this help; hail COMMAND --help shows a command's options\n"
           "  -V, --version                 Print the versions of hail and of its libraries\n"
           "      --completion SHELL        Print a completion script for bash, zsh or fish\n"
           "\nExamples:\n"
           "  hail rest :8080/users name=Ada age:=36\n"
           "  hail rpc http://localhost:6800/jsonrpc aria2.getVersion\n"
           "  hail batch http://localhost:6800/jsonrpc calls.ndjson\n"
           "  hail publish localhost news 'hello'\n"
           "  hail subscribe localhost 'news.*' --json\n";
}

std::string version_text() {
    std::string text = "hail " + std::string(base::version()) + "\n";
    for (const std::string& library : net::library_versions()) {
        text += library + "\n";
    }
    return text;
}

const Command* find_command(std::string_view name) {
    const auto all = commands();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Command& c) { return c.name == name; });
    return found == all.end() ? nullptr : &*found;
}

void print(const std::string& text) {
    output::Console console(output::Display{});
    console.write(text);
    console.finish();
}

[[noreturn]] void reject_command(const std::string& word) {
    std::vector<std::string_view> names;
    for (const Command& command : commands()) {
        names.push_back(command.name);
    }
    const bool address = word.find_first_of(":/.") != std::string::npos;
    throw Error(
        Exit::usage, "reading the command line: '" + base::one_line(word) + "' is not a command",
        address ? "for a REST call write hail rest " + word : "the commands are " + base::join(names, ", "));
}

std::string completions(const std::string& shell) {
    std::vector<CompletedCommand> all;
    for (const Command& command : commands()) {
        all.push_back({std::string(command.name), std::string(command.summary), prepare(command).parser});
    }
    return completion_script(shell, all);
}

Exit run_command(const Command& command, const std::vector<std::string>& words) {
    const Prepared prepared = prepare(command);
    switch (prepared.parser->parse(words)) {
        case options::Parser::Parsed::show_help:
            print(options::help_text(*prepared.parser));
            return Exit::ok;
        case options::Parser::Parsed::show_version:
            print(version_text());
            return Exit::ok;
        case options::Parser::Parsed::run:
            break;
    }
    return prepared.run();
}

}  // namespace

std::span<const Command> commands() {
    static constexpr std::array<Command, 5> table{{
        {"rest", "[METHOD] ADDRESS [ITEM]...", "Make one REST call over HTTP",
         declare<rest::Options, rest::declare, rest::run>},
        {"rpc", "ADDRESS METHOD [PARAM]...", "Make one JSON-RPC call or send one notification",
         declare<rpc::Options, rpc::declare, rpc::run>},
        {"batch", "ADDRESS [FILE]...", "Make many JSON-RPC calls from files or stdin",
         declare<batch::Options, batch::declare, batch::run>},
        {"publish", "ADDRESS CHANNEL [MESSAGE]...", "Publish messages to a channel, from arguments or stdin",
         declare<publish::Options, publish::declare, publish::run>},
        {"subscribe", "ADDRESS CHANNEL...", "Print the messages of channels and patterns",
         declare<subscribe::Options, subscribe::declare, subscribe::run>},
    }};
    return table;
}

Prepared prepare(const Command& command) {
    auto parser = std::make_unique<options::Parser>("hail " + std::string(command.name) + " [OPTION]... " +
                                                    std::string(command.synopsis));
    auto run = command.declare(*parser);
    return {std::move(parser), std::move(run)};
}

Exit run(const std::vector<std::string>& words) {
    if (words.empty()) {
        throw Error(Exit::usage, "reading the command line: missing COMMAND", "see hail --help");
    }
    const std::string& first = words.front();
    if (first == "-h" || first == "--help" || (first == "help" && words.size() == 1)) {
        print(general_help());
        return Exit::ok;
    }
    if (first == "-V" || first == "--version") {
        print(version_text());
        return Exit::ok;
    }
    if (first == "--completion") {
        print(completions(words.size() > 1 ? words[1] : ""));
        return Exit::ok;
    }
    const bool help = first == "help";
    const std::string& name = help ? words[1] : first;
    const Command* command = find_command(name);
    if (command == nullptr) {
        reject_command(name);
    }
    return run_command(*command, help ? std::vector<std::string>{"--help"}
                                      : std::vector<std::string>(words.begin() + 1, words.end()));
}

}  // namespace hail::cli
