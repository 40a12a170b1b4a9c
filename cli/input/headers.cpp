#include "cli/input/headers.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::input {

bool has_header(const HeaderItems& headers, std::string_view name) {
    return std::any_of(headers.lines.begin(), headers.lines.end(),
                       [&](const auto& line) { return base::equal_ignoring_case(line.name, name); });
}

bool drops_header(const HeaderItems& headers, std::string_view name) {
    return std::any_of(headers.dropped.begin(), headers.dropped.end(),
                       [&](const auto& dropped) { return base::equal_ignoring_case(dropped, name); });
}

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

HeaderItems with_session(HeaderItems typed, const std::vector<http::Header>& kept,
                         const http::Credentials& credentials) {
    const bool has_credentials = credentials.kind != http::Credentials::Kind::none;
    std::vector<http::Header> missing;
    for (const http::Header& header : kept) {
        const bool replaced = has_credentials && base::equal_ignoring_case(header.name, "Authorization");
        if (!replaced && !has_header(typed, header.name) && !drops_header(typed, header.name)) {
            missing.push_back(header);
        }
    }
    typed.lines.insert(typed.lines.end(), missing.begin(), missing.end());
    return typed;
}

std::vector<http::Header> with_typed(std::vector<http::Header> defaults, const HeaderItems& typed) {
    std::erase_if(defaults, [&](const http::Header& header) {
        return drops_header(typed, header.name) || has_header(typed, header.name);
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
