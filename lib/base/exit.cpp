#include "lib/base/exit.h"

#include <algorithm>

namespace hail::base {

const std::array<ExitInfo, 18>& exit_table() {
    static constexpr std::array<ExitInfo, 18> table{{
        {Exit::ok, "ok", "the command did all it was asked to do"},
        {Exit::refused, "refused", "the service answered with an error of its protocol"},
        {Exit::timed_out, "timed_out", "a time limit passed"},
        {Exit::redirected, "redirected", "HTTP 3xx, not followed"},
        {Exit::client_error, "client_error", "HTTP 4xx"},
        {Exit::server_error, "server_error", "HTTP 5xx"},
        {Exit::too_many_redirects, "too_many_redirects", "more redirects than --max-redirects"},
        {Exit::unreachable, "unreachable", "name, connect, proxy or TLS failure: nothing was sent"},
        {Exit::unknown, "unknown", "the request or part of it went out and no whole answer came"},
        {Exit::bad_reply, "bad_reply", "the answer breaks its protocol"},
        {Exit::unexpected, "unexpected", "the answer is not what was expected of it"},
        {Exit::usage, "usage", "the command line is wrong"},
        {Exit::bad_input, "bad_input", "the input is malformed"},
        {Exit::no_input, "no_input", "an input file cannot be read"},
        {Exit::system_failed, "system_failed", "the system has no memory left, or refused something else"},
        {Exit::output_failed, "output_failed", "the output cannot be written"},
        {Exit::interrupted, "interrupted", "SIGINT, after draining what was in flight"},
        {Exit::terminated, "terminated", "SIGTERM or SIGHUP, after draining what was in flight"},
    }};
    return table;
}

std::string_view name(Exit exit) {
    const auto& table = exit_table();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const ExitInfo& info) { return info.exit == exit; });
    return found == table.end() ? "internal" : found->name;
}

namespace {

int gravity(Exit exit) {
    switch (exit) {
        case Exit::ok:
            return 0;
        case Exit::refused:
            return 1;
        case Exit::bad_reply:
            return 2;
        case Exit::timed_out:
            return 3;
        case Exit::unreachable:
            return 4;
        case Exit::unknown:
            return 5;
        default:
            return 6;
    }
}

}  // namespace

Exit worse(Exit a, Exit b) {
    return gravity(b) > gravity(a) ? b : a;
}

}  // namespace hail::base
