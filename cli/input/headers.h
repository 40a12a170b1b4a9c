// Headers in the forms of --header: "Name: value", "Name:" to remove one, "Name;" for an empty one.
//
// Throws:  Error(usage) for a line without a name and a colon. No message shows the value.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/input/assemble.h"
#include "lib/http/message.h"

namespace hail::cli::input {

bool has_header(const HeaderItems& headers, std::string_view name);
bool drops_header(const HeaderItems& headers, std::string_view name);

void add_header_line(HeaderItems& headers, const std::string& line);

// The later headers take precedence: those they drop are removed, those they contain are no longer dropped.
void add_headers(HeaderItems& headers, const HeaderItems& later);

// The headers that a session kept, after the typed ones: typed headers and credentials take precedence.
HeaderItems with_session(HeaderItems typed, const std::vector<http::Header>& kept,
                         const http::Credentials& credentials);

// The default headers, then the typed ones. A default header is left out if it was typed or dropped.
std::vector<http::Header> with_typed(std::vector<http::Header> defaults, const HeaderItems& typed);

}  // namespace hail::cli::input
