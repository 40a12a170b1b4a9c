#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tests/support/directory.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// hail behind a shell's redirections, such as <&-.
Outcome redirected(const std::string& redirections, const std::vector<std::string>& arguments) {
    Command command = hail_command(arguments);
    command.argv.insert(command.argv.begin(), {"sh", "-c", "\"$0\" \"$@\" " + redirections});
    return run(command);
}

const std::vector<std::string> to_print{"rest", "localhost/x", "--dry-run"};

std::vector<std::string> to_print_into(const std::string& file) {
    std::vector<std::string> words = to_print;
    words.insert(words.end(), {"-o", file});
    return words;
}

}  // namespace

TEST_CASE("output: -o writes into what is no regular file, and leaves it there") {
    const TemporaryDirectory directory;
    const std::string pipe = directory.path("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    Process reader({.argv = {"cat", pipe}});
    CHECK(hail::support::hail(to_print_into(pipe)).code == 0);
    CHECK(has(reader.wait().out, "GET /x HTTP/1.1"));
    struct stat status {};
    REQUIRE(::stat(pipe.c_str(), &status) == 0);
    CHECK(S_ISFIFO(status.st_mode));
    CHECK(!directory.has("pipe.part"));
}

TEST_CASE("output: -o replaces the file that a link leads to, not the link") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("file", "old");
    REQUIRE(::symlink(file.c_str(), directory.path("link").c_str()) == 0);
    CHECK(hail::support::hail(to_print_into(directory.path("link"))).code == 0);
    struct stat status {};
    REQUIRE(::lstat(directory.path("link").c_str(), &status) == 0);
    CHECK(S_ISLNK(status.st_mode));
    CHECK(has(read_file(file), "GET /x HTTP/1.1"));
}

TEST_CASE("output: -o refuses a directory before anything is done") {
    const TemporaryDirectory directory;
    const Outcome outcome = hail::support::hail(to_print_into(directory.path()));
    CHECK(outcome.code == 74);
    CHECK(outcome.err == "hail: writing " + directory.path() + ": Is a directory\n");
}

TEST_CASE("output: -o - is stdout") {
    CHECK(has(hail::support::hail(to_print_into("-")).out, "GET /x HTTP/1.1"));
}

TEST_CASE("output: a closed stdout is a failure that is told, not another descriptor that is written to") {
    const Outcome outcome = redirected(">&-", to_print);
    CHECK(outcome.code == 74);
    CHECK(outcome.err == "hail: writing stdout: Bad file descriptor\n");
}

TEST_CASE("input: a closed stdin is a failure that is told, not another descriptor that is read") {
    const Outcome published = redirected("<&-", {"publish", "localhost", "c", "--dry-run"});
    CHECK(published.code == 66);
    CHECK(published.err == "hail: reading stdin: Bad file descriptor\n");
    CHECK(redirected("<&-", {"batch", "localhost", "--dry-run"}).code == 66);
    CHECK(redirected("<&-", to_print).code == 0);
}
