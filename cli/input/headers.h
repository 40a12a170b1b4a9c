#pragma once

#include <string>
#include <vector>

#include "cli/input/assemble.h"
#include "lib/http/message.h"

// Headers as --header takes them: "Name: value", "Name:" to leave one out, "Name;" for an empty one.
//
// Throws:  Error(usage) for a line without a name before a colon; the value stands in no message.

namespace hail::cli::input {

// Adds a header, or leaves one out; the later of the two holds.
void add_header(HeaderItems& headers, Field line);
void drop_header(HeaderItems& headers, const std::string& name);

void add_header_line(HeaderItems& headers, const std::string& line);

// The later ones win: what they drop is gone from the earlier, what they have is no longer dropped.
void add_headers(HeaderItems& headers, const HeaderItems& later);

// Headers of hail's own, which give way to what was typed, be it a value or the wish to leave one out; then what was typed.
std::vector<http::Header> with_typed(std::vector<http::Header> ours, const HeaderItems& typed);

}  // namespace hail::cli::input
