// The progress of a bulk run as one line for a person at a terminal.
//
// Shape:   the rate is that of the last second or more, drawn when calls end, and each second. Nothing is
//          drawn if the data goes to the terminal too, which then shows the progress itself, unless there is
//          no data.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/output/console.h"
#include "lib/base/deadline.h"
#include "lib/bulk/outcome.h"

namespace hail::cli::output {

class CallProgress {
  public:
    using Clock = std::chrono::steady_clock;

    // The share of the input that has been read, from 0 to 1; nothing if its size is unknown.
    using Share = std::function<std::optional<double>()>;

    struct Subject {
        std::string_view noun = "call";
        bool has_data = true;
    };

    CallProgress(Console& console, Share share) : CallProgress(console, std::move(share), Subject()) {}
    CallProgress(Console& console, Share share, Subject subject)
        : console_(console), share_(std::move(share)), subject_(subject), next_(Clock::now() + quiet_start) {}

    void count(bulk::Outcome outcome) { count(outcome == bulk::Outcome::ok); }
    void count(bool succeeded) {
        ++calls_;
        failed_ += succeeded ? 0U : 1U;
    }
    void draw(Clock::time_point now);

    // Draws now, and says when to draw again although no call ended; never, if nothing is drawn at all.
    base::Deadline tick();

    // "12345 calls  3 failed  2300/s  45 %  4 s left"
    std::string line(Clock::time_point now) const;

  private:
    bool is_drawn() const;

    static constexpr std::chrono::milliseconds quiet_start{500};
    static constexpr std::chrono::milliseconds gap{200};
    static constexpr std::chrono::seconds window{1};

    Console& console_;
    Share share_;
    Subject subject_;
    std::uint64_t calls_ = 0;
    std::uint64_t failed_ = 0;
    Clock::time_point next_;
    const Clock::time_point begun_ = Clock::now();

    // The beginning of the time over which the rate is measured, and of the next one.
    Clock::time_point from_ = begun_;
    std::uint64_t calls_then_ = 0;
    Clock::time_point next_from_ = begun_;
    std::uint64_t next_calls_then_ = 0;
};

}  // namespace hail::cli::output
