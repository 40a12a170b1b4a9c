#include "cli/output/progress.h"

#include <doctest/doctest.h>

using namespace hail::cli::output;
using namespace std::chrono_literals;

TEST_CASE("progress: the line has percentage, bytes, rate and time left") {
    CHECK(progress_line("sending", 512 * 1024, 1024 * 1024, 256.0 * 1024) ==
          "sending   50 %  512 KiB of 1 MiB  256 KiB/s  2 s left");
}

TEST_CASE("progress: unknown values are left out") {
    CHECK(progress_line("receiving", 100, std::nullopt, 0) == "receiving  100 B  0 B/s");
    CHECK(progress_line("receiving", 0, 1000, 0) == "receiving    0 %  0 B of 1000 B  0 B/s");
    CHECK(progress_line("receiving", 0, 0, 0) == "receiving  0 B of 0 B  0 B/s");
}

TEST_CASE("progress: a short transfer shows nothing") {
    const Progress::Clock::time_point start{};
    Progress progress("sending", 100, start);
    CHECK_FALSE(progress.update(50, start + 499ms));
}

TEST_CASE("progress: the line is drawn at most ten times per second") {
    const Progress::Clock::time_point start{};
    Progress progress("sending", std::nullopt, start);
    CHECK(progress.update(1000, start + 500ms));
    CHECK_FALSE(progress.update(1001, start + 599ms));
    CHECK(progress.update(1002, start + 600ms));
}

TEST_CASE("progress: the rate is that of the last few seconds") {
    const Progress::Clock::time_point start{};
    Progress progress("sending", std::nullopt, start);
    CHECK(progress.update(3'072'000, start + 3s) == "sending  2.9 MiB  1000 KiB/s");
    CHECK(progress.update(3'072'000, start + 6s) == "sending  2.9 MiB  500 KiB/s");
    CHECK(progress.update(3'072'000, start + 9s) == "sending  2.9 MiB  0 B/s");
}

TEST_CASE("progress: a resumed part counts as done, but not for the rate") {
    const Progress::Clock::time_point start{};
    Progress progress("receiving", 2048, start, 1024);
    CHECK(progress.update(1024 + 512, start + 1s) == "receiving   75 %  1.5 KiB of 2 KiB  512 B/s  1 s left");
}
