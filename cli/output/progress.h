#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How far a transfer has come, as one line for a person at a terminal, and when to draw it again.
//
// Shape:   bytes; the rate is that of the last few seconds, so that a stall is seen; the time left is shown only while the
//          whole is known and something moves. Pure: the caller gives the time and does the drawing
//          (Console::draw).
// Throws:  nothing.

namespace hail::cli::output {

class Progress {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds shortest_gap{100};  // 10 Hz at most
    static constexpr std::chrono::milliseconds quiet_start{500};   // what is done by then shows nothing

    // `verb` such as "sending"; `whole` none if it is not known; `before` is what stood there already (a continued
    // download) and counts as done, but not for the rate.
    Progress(std::string_view verb, std::optional<std::uint64_t> whole, Clock::time_point now,
             std::uint64_t before = 0);

    // The line to draw, none if it is too early for another one. `done` includes `before`.
    std::optional<std::string> update(std::uint64_t done, Clock::time_point now);

  private:
    // The rate over the last window, in bytes a second.
    struct Sample {
        Clock::time_point at;
        std::uint64_t done = 0;
    };

    double rate(std::uint64_t done, Clock::time_point now) const;
    void remember(std::uint64_t done, Clock::time_point now);

    std::string verb_;
    std::optional<std::uint64_t> whole_;
    Clock::time_point next_;
    Sample older_;
    Sample newer_;
};

// "sending  45 %  3.4 MiB of 7.5 MiB  1.2 MiB/s  4 s left"; the rate in bytes a second.
std::string progress_line(std::string_view verb, std::uint64_t done, std::optional<std::uint64_t> whole,
                          double rate);

}  // namespace hail::cli::output
