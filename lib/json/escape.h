// What a string of JSON may carry and a terminal must not see, as escapes.
//
// Throws:  nothing but std::bad_alloc.

#pragma once

#include <cstddef>
#include <string_view>

namespace hail::json {

class BlockWriter;

// How many bytes at the end are the begin of a UTF-8 sequence whose rest may come with the next feed.
std::size_t cut_sequence(std::string_view bytes);

// A control character of ASCII as \u001b.
void append_escape(BlockWriter& out, char control);

// Bytes beyond ASCII: C1 controls and what turns the reading order as JSON escapes, bytes that are not UTF-8
// as \xNN.
void append_harmless(BlockWriter& out, std::string_view run);

}  // namespace hail::json
