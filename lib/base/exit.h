// Exit: the exit status of every command. hail(1), EXIT STATUS, and the README have the same table; a test
// compares them.
//
// Source:  sysexits(3) for 64-74; 128 + signal number for the last two, as shells report them.

#pragma once

#include <array>
#include <string_view>

namespace hail::base {

enum class Exit : int {
    ok = 0,
    refused = 1,
    timed_out = 2,
    redirected = 3,
    client_error = 4,
    server_error = 5,
    too_many_redirects = 6,
    unreachable = 7,
    unknown = 8,
    bad_reply = 9,
    unexpected = 10,
    usage = 64,
    bad_input = 65,
    no_input = 66,
    system_failed = 71,
    output_failed = 74,
    interrupted = 130,
    terminated = 143,
};

struct ExitInfo {
    Exit exit;
    std::string_view name;
    std::string_view meaning;
};

// Every status, in ascending order.
const std::array<ExitInfo, 18>& exit_table();

// The identifier in the table, such as "timed_out".
std::string_view name(Exit exit);

// The more serious of two, in the order 8, 7, 2, 9, 1 and ok. Any other status (a usage error, a signal) ends
// a command at once and therefore outranks these.
Exit worse(Exit a, Exit b);

}  // namespace hail::base
