#include <doctest/doctest.h>

#include <csignal>
#include <stdexcept>

#include "tests/support/directory.h"
#include "tests/support/process.h"

using namespace hail::support;
using hail::base::Milliseconds;

TEST_CASE("support: a program's input, outputs and status are kept apart") {
    const Outcome outcome = run({.argv = {"sh", "-c", "cat; echo oops >&2; exit 3"}, .input = "in"});
    CHECK(outcome.out == "in");
    CHECK(outcome.err == "oops\n");
    CHECK(outcome.code == 3);
}

TEST_CASE("support: a program that runs too long is killed") {
    CHECK_THROWS_AS(run({.argv = {"sleep", "60"}, .limit = Milliseconds(50)}), std::runtime_error);
}

TEST_CASE("support: lines arrive while the program runs, and a signal ends it") {
    Process process({.argv = {"sh", "-c", "read x; echo got $x; exec sleep 60"}});
    process.write("a\n");
    CHECK(process.read_line() == "got a");
    process.signal(SIGTERM);
    CHECK(process.wait().signal == SIGTERM);
}

TEST_CASE("support: a program on a terminal sees a terminal") {
    CHECK(
        run({.argv = {"sh", "-c", "test -t 1 && test -t 2 && echo yes"}, .terminal = Command::Terminal::all})
            .out == "yes\n");
    CHECK(run({.argv = {"sh", "-c", "test -t 1 || test -t 2 || echo no"}}).out == "no\n");
}

TEST_CASE("support: the binary under test runs") {
    const Outcome outcome = hail::support::hail({"--version"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("hail "));
}
