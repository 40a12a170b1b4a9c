#include <doctest/doctest.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

using namespace hail::support;

namespace {

// hail run by a shell with redirections, such as <&-.
Outcome redirected(const std::string& redirections, const std::vector<std::string>& arguments) {
    Command command = hail_command(arguments);
    command.argv.insert(command.argv.begin(), {"sh", "-c", "\"$0\" \"$@\" " + redirections});
    return run(command);
}

// Waits until the program handles the signal.
void await_handler(const Process& process, int signal) {
    const std::string path = "/proc/" + std::to_string(process.pid()) + "/status";
    for (bool caught = false; !caught; ::sched_yield()) {
        const std::string status = read_file(path);
        const std::size_t mask = status.find("SigCgt:");
        REQUIRE(mask != std::string::npos);
        caught = (std::stoull(status.substr(mask + 7), nullptr, 16) >> static_cast<unsigned>(signal - 1) &
                  1U) != 0;
    }
}

const std::vector<std::string> to_print{"rest", "localhost/x", "--dry-run"};

std::vector<std::string> to_print_into(const std::string& file) {
    std::vector<std::string> words = to_print;
    words.insert(words.end(), {"-o", file});
    return words;
}

}  // namespace

TEST_CASE("output: -o writes directly to a file that is not regular") {
    const TemporaryDirectory directory;
    const std::string pipe = directory.path("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    Process reader({.argv = {"cat", pipe}});
    CHECK(hail::support::hail(to_print_into(pipe)).code == 0);
    CHECK(mentions(reader.wait().out, "GET /x HTTP/1.1"));
    struct stat status {};
    REQUIRE(::stat(pipe.c_str(), &status) == 0);
    CHECK(S_ISFIFO(status.st_mode));
    CHECK(!directory.has("pipe.part"));
}

TEST_CASE("output: -o replaces the target of a link, not the link") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("file", "old");
    REQUIRE(::symlink(file.c_str(), directory.path("link").c_str()) == 0);
    CHECK(hail::support::hail(to_print_into(directory.path("link"))).code == 0);
    struct stat status {};
    REQUIRE(::lstat(directory.path("link").c_str(), &status) == 0);
    CHECK(S_ISLNK(status.st_mode));
    CHECK(mentions(read_file(file), "GET /x HTTP/1.1"));
}

TEST_CASE("output: -o with a directory fails before anything is sent") {
    const TemporaryDirectory directory;
    const Outcome outcome = hail::support::hail(to_print_into(directory.path()));
    CHECK(outcome.code == 74);
    CHECK(outcome.err == "hail: writing " + directory.path() + ": Is a directory\n");
}

TEST_CASE("output: -o - is stdout") {
    CHECK(mentions(hail::support::hail(to_print_into("-")).out, "GET /x HTTP/1.1"));
}

TEST_CASE("output: a closed stdout is an error, and no other descriptor is written to") {
    const Outcome outcome = redirected(">&-", to_print);
    CHECK(outcome.code == 74);
    CHECK(outcome.err == "hail: writing stdout: Bad file descriptor\n");
}

TEST_CASE("input: a closed stdin is an error, and no other descriptor is read") {
    const Outcome published = redirected("<&-", {"publish", "localhost", "c", "--dry-run"});
    CHECK(published.code == 66);
    CHECK(published.err == "hail: reading stdin: Bad file descriptor\n");
    CHECK(redirected("<&-", {"batch", "localhost", "--dry-run"}).code == 66);
    CHECK(redirected("<&-", to_print).code == 0);
}

TEST_CASE("options: all usage errors have the same form, with the hint on its own line") {
    using Words = std::vector<std::string>;
    const std::vector<std::pair<Words, std::string>> cases{
        {{"rest", "localhost", "--timeout", "soon"},
         "option --timeout: 'soon' is not a duration\n      write 500ms, 2s or 1m, at most 596h\n"},
        {{"batch", "localhost", "--chunk", "0"},
         "option --chunk: '0' is not a whole number from 1 to 100000\n"},
        {{"subscribe", "localhost", "c", "--count", "0"},
         "option --count: '0' is not a whole number of at least 1\n"},
        {{"publish", "localhost", "c", "--window", "0", "m"},
         "option --window: '0' is not a whole number of at least 1\n"},
        {{"rest", "localhost", "--resolve", "localhost"},
         "option --resolve: 'localhost' is not HOST:PORT:IP\n      write it as example.org:443:127.0.0.1\n"},
        {{"rest", "localhost", "--resolve", "localhost:1:notanip"},
         "option --resolve: 'localhost:1:notanip' is not HOST:PORT:IP\n      write it as "
         "example.org:443:127.0.0.1\n"},
        {{"publish", "localhost", "c", "m", "--connect-to", "a:b:c:d"},
         "option --connect-to: 'a:b:c:d' is not HOST:PORT:HOST:PORT\n"
         "      write it as example.org:443:localhost:8443\n"},
        {{"rest", "localhost", "--proxy", "ftp://user:secret@proxy"},
         "option --proxy: unsupported proxy scheme 'ftp'\n      use http, https or "
         "socks5h\n"},
        {{"rest", "localhost", "--proxy", "socks4://proxy"},
         "option --proxy: unsupported proxy scheme 'socks4'\n      use http, https or "
         "socks5h\n"},
        {{"publish", "localhost", "c", "-0", "--json"}, "-0 and --json cannot be combined\n"},
        {{"rpc", "localhost", "m", "--id", "[]"},
         "option --id: '[]' is not a JSON number, a JSON string or null\n"
         "      write a string as '\"[]\"'\n"},
        {{"rpc", "localhost", "\xff"},
         "method '\\xff': the name is not UTF-8\n      a JSON string cannot hold other bytes\n"}};
    for (const auto& [words, message] : cases) {
        const Outcome outcome = hail::support::hail(words);
        CHECK(outcome.code == 64);
        CHECK(outcome.err == "hail: " + message);
    }
}

TEST_CASE("options: --resolve and --connect-to accept every form that curl accepts") {
    for (const std::string resolve :
         {"a:1:127.0.0.1", "+a:1:127.0.0.1,127.0.0.2", "a:1:::1", "[::1]:1:[::1]"}) {
        CHECK(hail::support::hail({"rest", "localhost:1", "--resolve", resolve}).code == 7);
    }
    for (const std::string way : {":::", "a:80:b:81", "[::1]:80::1", "a::b:"}) {
        CHECK(hail::support::hail({"rest", "localhost:1", "--connect-to", way}).code == 7);
    }
}

TEST_CASE("colours: --color always and --pretty all colour a pipe, CLICOLOR_FORCE does not") {
    const std::vector<std::string> words{"rest", "localhost", "a=1", "--dry-run"};
    const auto coloured = [&](const std::vector<std::string>& more,
                              const std::vector<std::pair<std::string, std::string>>& environment) {
        Command command = hail_command(words);
        command.argv.insert(command.argv.end(), more.begin(), more.end());
        command.environment = environment;
        return mentions(run(command).out, "\x1b[");
    };
    CHECK(!coloured({}, {}));
    CHECK(coloured({"--color", "always"}, {}));
    CHECK(coloured({"--pretty", "all"}, {}));
    CHECK(!coloured({}, {{"CLICOLOR_FORCE", "1"}}));
    CHECK(!coloured({"--color", "always", "--pretty", "none"}, {}));
    CHECK(!coloured({"--pretty", "all", "--color", "never"}, {{"CLICOLOR_FORCE", "1"}}));
    const TemporaryDirectory directory;
    coloured({"-o", directory.path("file"), "--color", "always"}, {});
    CHECK(!mentions(read_file(directory.path("file")), "\x1b["));
}

TEST_CASE("batch: lines of the input cannot send local files") {
    const Outcome outcome = hail::support::hail({"batch", "localhost", "--dry-run"}, "m a=@/etc/hostname\n");
    CHECK(outcome.code == 65);
    CHECK(mentions(outcome.err, "only the command line can name files"));
    CHECK(
        mentions(hail::support::hail({"batch", "localhost", "--dry-run"}, "m a=\\@x\n").out, R"("a":"@x")"));
}

TEST_CASE("signals: a signal ends a command that is still reading stdin") {
    const TemporaryDirectory directory;
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"rest", "POST", "localhost:1"},
                                               {"rest", "localhost:1", "-d", "@-"},
                                               {"rpc", "localhost:1", "m", "--params", "@-"},
                                               {"publish", "localhost:1", "c", "--dry-run"},
                                               {"batch", "localhost:1", "--dry-run"}}) {
        Process process(hail_command(words));
        await_handler(process, SIGTERM);
        process.signal(SIGTERM);
        CHECK(process.wait().code == 143);
    }
}

TEST_CASE("publish: a refused message is reported despite -q, and in the format of --error-format") {
    const RedisServer server({.arguments = {"--requirepass", "secret"}});
    const Outcome quiet = hail::support::hail({"publish", server.address(), "c", "m", "-q"});
    CHECK(quiet.code == 1);
    CHECK(mentions(quiet.err, "hail: message 1: publishing to "));
    const Outcome json =
        hail::support::hail({"publish", server.address(), "c", "m", "--error-format", "json"});
    CHECK(json.code == 1);
    CHECK(mentions(json.err, R"({"error":"refused","exit":1,"message":"message 1: publishing to )"));
}
