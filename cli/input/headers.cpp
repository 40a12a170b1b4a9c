#include "cli/input/headers.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::input {

void add_header_line(HeaderItems& headers, const std::string& line) {
    if (line.size() > 1 && line.back() == ';' && line.find(':') == std::string::npos) {
        headers.add({line.substr(0, line.size() - 1), ""});
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
        throw base::Error(
            base::Exit::usage,
            "option --header: '" + base::one_line(line.substr(0, colon), 60) + "' is not a header",
            "write it as 'Name: value'");
    }
    const std::string name = line.substr(0, colon);
    const std::string value(base::trim(std::string_view(line).substr(colon + 1)));
    if (value.empty()) {
        headers.drop(name);
    } else {
        headers.add({name, value});
    }
}

void add_headers(HeaderItems& headers, const HeaderItems& later) {
    for (const auto& name : later.dropped) {
        headers.drop(name);
    }
    for (const auto& line : later.lines) {
        headers.add(line);
    }
}

std::vector<http::Header> with_typed(std::vector<http::Header> defaults, const HeaderItems& typed) {
    std::erase_if(defaults, [&](const http::Header& header) {
        const auto is_it = [&](const std::string& name) {
            return base::equal_ignoring_case(name, header.name);
        };
        return std::any_of(typed.dropped.begin(), typed.dropped.end(), is_it) ||
               std::any_of(typed.lines.begin(), typed.lines.end(),
                           [&](const auto& line) { return is_it(line.name); });
    });
    http::Header* cookies = nullptr;
    defaults.reserve(defaults.size() + typed.lines.size());  // the pointer stays valid
    for (const http::Header& line : typed.lines) {
        const bool is_cookie = base::equal_ignoring_case(line.name, "Cookie");
        if (is_cookie && cookies != nullptr) {
            cookies->value += "; " + line.value;  // RFC 6265 5.4: a request has one Cookie line
            continue;
        }
        defaults.push_back(line);
        cookies = is_cookie ? &defaults.back() : cookies;
    }
    return defaults;
}

}  // namespace hail::cli::input
