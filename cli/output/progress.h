// The progress of a transfer as one line for a person at a terminal, and the times at which to draw it.
//
// Shape:   sizes in bytes. The rate is that of the last few seconds, so that a stall is visible. The time
//          left is shown only if the total is known and bytes are arriving. Pure: the caller passes the time
//          and draws the line (Console::draw).
// Throws:  nothing.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hail::cli::output {

inline double seconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

class Progress {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds shortest_gap{100};  // 10 Hz at most
    static constexpr std::chrono::milliseconds quiet_start{500};   // a shorter transfer shows nothing

    // `verb` is for example "sending"; `whole` is the total, or empty if it is unknown. `before` is the size
    // of the part that a resumed download already has: it counts as done, but not for the rate.
    Progress(std::string_view verb, std::optional<std::uint64_t> whole, Clock::time_point now,
             std::uint64_t before = 0);

    // The line to draw, or nothing if it is too early for another one. `done` includes `before`.
    std::optional<std::string> update(std::uint64_t done, Clock::time_point now);

  private:
    struct Sample {
        Clock::time_point at;
        std::uint64_t done = 0;
    };

    // Over the last window, in bytes per second.
    double rate(std::uint64_t done, Clock::time_point now) const;
    void remember(std::uint64_t done, Clock::time_point now);

    std::string verb_;
    std::optional<std::uint64_t> whole_;
    Clock::time_point next_;
    Sample older_;
    Sample newer_;
};

// "sending  45 %  3.4 MiB of 7.5 MiB  1.2 MiB/s  4 s left"; the rate is in bytes per second.
std::string progress_line(std::string_view verb, std::uint64_t done, std::optional<std::uint64_t> whole,
                          double rate);

}  // namespace hail::cli::output
