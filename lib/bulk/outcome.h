// The outcome of one item of a bulk run. Every item ends in exactly one of these.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hail::bulk {

enum class Outcome : std::uint8_t {
    open,      // not known yet
    ok,        // a call with its result; a notification that was delivered
    error,     // a call with its error; a notification that got an error
    not_sent,  // the server cannot have seen it
    refused,   // the server said that it did not run it
    unknown,   // it may have run
};
inline constexpr std::size_t outcome_count = 6;

// "ok", "error", "not-sent", "refused", "unknown".
std::string_view name(Outcome outcome);

}  // namespace hail::bulk
