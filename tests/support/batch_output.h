// The output of hail batch for calls that a counting peer executes, and whether it is true.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "tests/support/counting_peer.h"

namespace hail::support {

// One call a line, named by the numbers from 0.
std::string numbered_calls(std::size_t count);

struct BatchOutput {
    std::map<std::size_t, std::string> outcomes{};            // by the name of the call: "ok", "unknown", …
    std::map<std::string, std::size_t, std::less<>> tally{};  // by outcome
    bool in_order = true;
    std::string problem{};  // a line that is torn, comes twice or has the reply to another call; empty: none

    std::size_t count(std::string_view outcome) const;
};

BatchOutput read_batch_output(std::string_view text);

enum class Repeats { never, allowed };

// What is wrong with the output: a call that ran more often or less often than its outcome says, or that has
// no line. Empty: nothing.
std::string untruth(const BatchOutput& output, std::size_t calls, const CountingPeer& peer, Repeats repeats);

// What is wrong with the files of --errors and --unknown: each call must be in the file of its outcome.
std::string misplaced(const BatchOutput& output, std::string_view errors, std::string_view unknown);

}  // namespace hail::support
