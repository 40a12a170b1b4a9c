#include "cli/input/headers.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::input {

void drop_header(HeaderItems& headers, const std::string& name) {
    std::erase_if(headers.lines,
                  [&](const Field& line) { return base::equal_ignoring_case(line.name, name); });
    headers.dropped.push_back(name);
}

void add_header(HeaderItems& headers, Field line) {
    std::erase_if(headers.dropped,
                  [&](const std::string& name) { return base::equal_ignoring_case(name, line.name); });
    headers.lines.push_back(std::move(line));
}

void add_header_line(HeaderItems& headers, const std::string& line) {
    if (line.size() > 1 && line.back() == ';' && line.find(':') == std::string::npos) {
        add_header(headers, {line.substr(0, line.size() - 1), ""});
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
        throw base::Error(
            base::Exit::usage,
            "option --header: '" + base::one_line(line.substr(0, colon), 60) + "' has no name before a colon",
            "write it as 'Name: value'");
    }
    const std::string name = line.substr(0, colon);
    const std::string value(base::trim(std::string_view(line).substr(colon + 1)));
    if (value.empty()) {
        drop_header(headers, name);
    } else {
        add_header(headers, {name, value});
    }
}

void add_headers(HeaderItems& headers, const HeaderItems& later) {
    for (const auto& name : later.dropped) {
        drop_header(headers, name);
    }
    for (const auto& line : later.lines) {
        add_header(headers, line);
    }
}

std::vector<http::Header> with_typed(std::vector<http::Header> ours, const HeaderItems& typed) {
    std::erase_if(ours, [&](const http::Header& header) {
        const auto is_it = [&](const std::string& name) {
            return base::equal_ignoring_case(name, header.name);
        };
        return std::any_of(typed.dropped.begin(), typed.dropped.end(), is_it) ||
               std::any_of(typed.lines.begin(), typed.lines.end(),
                           [&](const auto& line) { return is_it(line.name); });
    });
    for (const auto& line : typed.lines) {
        ours.push_back({line.name, line.value});
    }
    return ours;
}

}  // namespace hail::cli::input
