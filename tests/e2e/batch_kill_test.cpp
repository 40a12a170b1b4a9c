// hail batch --journal, ended at random moments and continued: by SIGKILL, other signals and full files.

#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "tests/support/batch_output.h"
#include "tests/support/counting_peer.h"
#include "tests/support/directory.h"
#include "tests/support/process.h"

using namespace hail::support;

namespace {

using Moment = CountingPeer::Moment;
using Clock = std::chrono::steady_clock;

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    std::string up_to(std::uint32_t most) { return std::to_string(1 + below(most)); }

  private:
    std::mt19937 random_;
};

// A moment of the run, and a signal for it.
struct Shot {
    std::size_t request = 0;  // counted by the peer; 0: as the process begins
    Moment moment = Moment::came;
    std::chrono::microseconds later{0};
    int signal = SIGKILL;
};

// Sends the signal, from the thread of the peer or that of the test.
class Gun {
  public:
    void aim(const Shot& shot) {
        pid_ = 0;
        shot_ = shot;
    }

    void show(pid_t pid) {
        pid_ = pid;
        if (shot_.request == 0) {
            fire();
        }
    }

    void act(Moment moment, std::size_t request) {
        if (request == shot_.request && moment == shot_.moment) {
            fire();
        }
    }

  private:
    void fire() {
        while (pid_ == 0) {  // the test is about to tell it
        }
        const auto due = Clock::now() + shot_.later;
        while (Clock::now() < due) {
        }
        ::kill(pid_, shot_.signal);
    }

    Shot shot_;
    std::atomic<pid_t> pid_{0};
};

// A command that is repeated until its output is complete.
class Story {
  public:
    explicit Story(std::uint32_t seed, PeerHabits habits, std::vector<std::string> options)
        : dice(seed),
          calls(1 + dice.below(150)),
          peer(habits, [this](Moment moment, std::size_t request) { gun.act(moment, request); }) {
        arguments = {"batch",
                     peer.address(),
                     directory.file("calls", numbered_calls(calls)),
                     "-o",
                     out,
                     "--journal",
                     directory.path("journal"),
                     "--errors",
                     directory.path("errors"),
                     "--unknown",
                     directory.path("unknown"),
                     "--chunk",
                     dice.up_to(20),
                     "--parallel",
                     dice.up_to(4),
                     "--order",
                     dice.below(2) == 0 ? "input" : "done"};
        arguments.insert(arguments.end(), options.begin(), options.end());
    }

    bool is_over() const { return directory.has("out"); }

    Outcome run(const Shot& shot) {
        gun.aim(shot);
        Process process(hail_command(arguments));
        gun.show(process.pid());
        return process.wait();
    }

    // A shot somewhere in the next run, perhaps after its end.
    Shot shot(int signal) {
        constexpr std::uint32_t most_requests = 12;
        const bool at_once = dice.below(8) == 0;
        return {.request = at_once ? 0 : peer.requests() + 1 + dice.below(most_requests),
                .moment = static_cast<Moment>(dice.below(3)),
                .later = std::chrono::microseconds(dice.below(at_once ? 20'000 : 1'500)),
                .signal = signal};
    }

    BatchOutput check(Repeats repeats = Repeats::never) {
        peer.wait_until_idle();
        BatchOutput output = read_batch_output(read_file(out));
        CHECK(output.problem == "");
        CHECK(untruth(output, calls, peer, repeats) == "");
        CHECK(misplaced(output, read_file(directory.path("errors")), read_file(directory.path("unknown"))) ==
              "");
        return output;
    }

    Dice dice;
    std::size_t calls;
    TemporaryDirectory directory;
    std::string out = directory.path("out");
    Gun gun;
    CountingPeer peer;
    std::vector<std::string> arguments;
};

constexpr Shot no_shot{.request = SIZE_MAX};

}  // namespace

TEST_CASE("batch: 200 kills lose no call, repeat none whose outcome is known, and tear no line") {
    constexpr std::size_t shots = 3;
    std::size_t kills = 0;
    for (std::uint32_t seed = 1; kills < 200; ++seed) {
        CAPTURE(seed);
        const bool repeats = seed % 5 == 0;
        const PeerHabits habits{
            .seed = seed, .faults = 30, .bad_items = 10, .batch_limit = seed % 13, .stalls = false};
        Story story(seed, habits,
                    repeats ? std::vector<std::string>{"--idempotent"} : std::vector<std::string>());
        for (std::size_t turn = 0; !story.is_over() && turn < 20; ++turn) {
            const Outcome outcome = story.run(turn < shots ? story.shot(SIGKILL) : no_shot);
            kills += outcome.signal == SIGKILL ? 1U : 0U;
            CAPTURE(outcome.err);
            CHECK((outcome.signal == SIGKILL || outcome.code <= 9));
        }
        REQUIRE(story.is_over());
        story.check(repeats ? Repeats::allowed : Repeats::never);
    }
}

TEST_CASE("batch: a run that SIGINT and SIGTERM end is continued, and no outcome is unknown") {
    for (std::uint32_t seed = 1; seed <= 15; ++seed) {
        CAPTURE(seed);
        Story story(seed, {.seed = seed}, {});
        for (std::size_t turn = 0; !story.is_over() && turn < 20; ++turn) {
            const int signal = turn % 2 == 0 ? SIGINT : SIGTERM;
            const Outcome outcome = story.run(turn < 4 ? story.shot(signal) : no_shot);
            CAPTURE(outcome.err);
            CHECK((outcome.signal == signal || outcome.code == (signal == SIGINT ? 130 : 143) ||
                   story.is_over()));
        }
        REQUIRE(story.is_over());
        CHECK(story.check().count("ok") == story.calls);
    }
}

TEST_CASE(
    "batch: when the output or the journal cannot grow, the run ends, and is continued with more room") {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        Story story(seed, {.seed = seed}, {});
        const std::string limited = "ulimit -f $0; exec \"$@\"";
        std::vector<std::string> argv = hail_command(story.arguments).argv;
        std::size_t blocks = 1;  // of 512 bytes
        for (; !story.is_over() && blocks < 100; ++blocks) {
            Command command;
            command.argv = {"sh", "-c", limited, std::to_string(blocks)};
            command.argv.insert(command.argv.end(), argv.begin(), argv.end());
            const Outcome outcome = hail::support::run(command);
            CAPTURE(outcome.err);
            CHECK((story.is_over() || outcome.code == 74));
            CHECK((story.is_over() || outcome.err.find("File too large") != std::string::npos));
        }
        REQUIRE(story.is_over());
        story.check();
    }
}
