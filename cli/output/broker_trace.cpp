#include "cli/output/broker_trace.h"

#include <algorithm>

#include "cli/output/wire_trace.h"

namespace hail::cli::output {

namespace {

constexpr std::size_t longest_line = 1000;

}  // namespace

void BrokerTrace::fact(std::string_view line) {
    trace_lines(console_, line, "* ");
}

void BrokerTrace::lines(std::string_view bytes, std::string_view mark, std::string& begun) {
    const std::size_t end = bytes.rfind('\n');
    if (end != std::string_view::npos) {
        begun += bytes.substr(0, end + 1);
        trace_lines(console_, begun, mark);
        begun.clear();
        bytes.remove_prefix(end + 1);
    }
    // More of a long line than this is not shown anyway.
    begun += bytes.substr(0, longest_line - std::min(begun.size(), longest_line));
}

}  // namespace hail::cli::output
