// hail batch against a server that counts executions and misbehaves in every way: what hail says became of a
// call is what became of it.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/batch_output.h"
#include "tests/support/counting_peer.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

struct Workload {
    PeerHabits habits;
    std::size_t calls = 0;
    std::vector<std::string> options{};
    Repeats repeats = Repeats::never;
};

std::vector<std::string> arguments_of(const Workload& load, const std::string& address,
                                      const TemporaryDirectory& directory) {
    std::vector<std::string> arguments{"batch",
                                       address,
                                       directory.file("calls", numbered_calls(load.calls)),
                                       "-o",
                                       directory.path("out"),
                                       "--errors",
                                       directory.path("errors"),
                                       "--unknown",
                                       directory.path("unknown"),
                                       "--summary",
                                       "json",
                                       "--timeout",
                                       "0.4"};
    arguments.insert(arguments.end(), load.options.begin(), load.options.end());
    return arguments;
}

std::string counted(const std::string& name, std::size_t count) {
    return "\"" + name + "\":" + std::to_string(count) + ",";
}

// Returns the output, which was checked.
BatchOutput run(const Workload& load) {
    CAPTURE(load.habits.seed);
    const TemporaryDirectory directory;
    CountingPeer peer(load.habits);
    Command command = hail_command(arguments_of(load, peer.address(), directory));
    command.limit = hail::base::Milliseconds(120'000);
    const Outcome outcome = hail::support::run(command);
    CAPTURE(outcome.err);
    peer.wait_until_idle();
    BatchOutput output = read_batch_output(read_file(directory.path("out")));
    CHECK(output.problem == "");
    CHECK(untruth(output, load.calls, peer, load.repeats) == "");
    CHECK(misplaced(output, read_file(directory.path("errors")), read_file(directory.path("unknown"))) == "");
    CHECK(outcome.err.find(counted("calls", load.calls)) != std::string::npos);
    CHECK(outcome.err.find(counted("ok", output.count("ok"))) != std::string::npos);
    CHECK(outcome.err.find(counted("error", output.count("error"))) != std::string::npos);
    CHECK(outcome.err.find(counted("refused", output.count("refused"))) != std::string::npos);
    CHECK(outcome.err.find(counted("not_sent", output.count("not-sent"))) != std::string::npos);
    CHECK(outcome.err.find(counted("unknown", output.count("unknown"))) != std::string::npos);
    CHECK(outcome.code == (output.count("unknown") > 0 ? 8 : 1));
    return output;
}

}  // namespace

TEST_CASE("batch: over 100000 calls, a bad server makes no outcome untrue") {
    const std::vector<Workload> loads{
        {.habits = {.seed = 1, .faults = 60, .bad_items = 5},
         .calls = 55'000,
         .options = {"--chunk", "100", "--parallel", "8"}},
        {.habits = {.seed = 2, .faults = 20, .bad_items = 10, .batch_limit = 37},
         .calls = 30'000,
         .options = {"--chunk", "90", "--parallel", "3", "--order", "done"}},
        {.habits = {.seed = 3, .faults = 50, .bad_items = 10, .batch_limit = 1},
         .calls = 3'000,
         .options = {"--chunk", "16"}},
        {.habits = {.seed = 4, .faults = 50, .bad_items = 10},
         .calls = 5'000,
         .options = {"--chunk", "1", "--parallel", "8"}},
        {.habits = {.seed = 5, .faults = 50, .bad_items = 20},
         .calls = 10'000,
         .options = {"--chunk", "7", "--parallel", "1"}},
        {.habits = {.seed = 6, .bad_items = 60}, .calls = 3'000, .options = {"--retry", "0"}},
    };
    for (const Workload& load : loads) {
        const BatchOutput output = run(load);
        CHECK(output.count("ok") > load.calls * 8 / 10);
        CHECK(output.count("unknown") > 0);
        CHECK((output.count("refused") > 0) == (load.options.front() == "--retry"));
        CHECK(output.in_order == (load.options.back() != "done"));
    }
}

TEST_CASE("batch: with --idempotent, calls with an unknown outcome are repeated until it is known") {
    const BatchOutput output =
        run({.habits = {.seed = 7, .faults = 50, .bad_items = 10},
             .calls = 10'000,
             .options = {"--chunk", "20", "--parallel", "8", "--idempotent", "--retry", "9"},
             .repeats = Repeats::allowed});
    CHECK(output.count("unknown") == 0);
    CHECK(output.count("ok") + output.count("error") == 10'000);
}
