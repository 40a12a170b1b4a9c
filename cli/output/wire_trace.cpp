#include "cli/output/wire_trace.h"

#include <algorithm>
#include <string>

#include "lib/base/text.h"

namespace hail::cli::output {

void trace_lines(Console& console, std::string_view text, std::string_view mark) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
        const std::string_view line = text.substr(0, length);
        text.remove_prefix(length);
        const std::size_t end = line.find_last_not_of("\r\n") + 1;
        out += std::string(mark) + base::one_line(line.substr(0, end), 1000) + "\n";
    }
    console.trace(out);
}

void WireTrace::fact(std::string_view line) {
    lines(line, "* ");
}

void WireTrace::request_head(std::string_view head) {
    lines(head, "> ");
}

void WireTrace::reply_line(std::string_view line) {
    lines(line, "< ");
}

}  // namespace hail::cli::output
