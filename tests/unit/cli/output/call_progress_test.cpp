#include "cli/output/call_progress.h"

#include <doctest/doctest.h>

using namespace hail;
using namespace hail::cli::output;

TEST_CASE("call progress: the rate, the failures and the time left") {
    Console console({});
    std::optional<double> share;
    CallProgress progress(console, [&share] { return share; });
    const auto begin = CallProgress::Clock::now();
    progress.count(bulk::Outcome::ok);
    CHECK(progress.line(begin + std::chrono::seconds(1)).starts_with("1 call  "));
    for (int i = 0; i < 999; ++i) {
        progress.count(i % 100 == 0 ? bulk::Outcome::error : bulk::Outcome::ok);
    }
    share = 0.25;
    const std::string line = progress.line(begin + std::chrono::seconds(10));
    CHECK(line.starts_with("1000 calls  10 failed  100/s  25 %  3"));
    CHECK(line.ends_with(" s left"));
}
