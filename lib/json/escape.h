// Escapes for characters that a JSON string may contain but a terminal must not receive.
//
// Throws:  nothing but std::bad_alloc.

#pragma once

#include <cstddef>
#include <string_view>

namespace hail::json {

class BlockWriter;

// The number of bytes at the end that begin a UTF-8 sequence, the rest of which may come with the next feed.
std::size_t cut_sequence(std::string_view bytes);

// Appends an ASCII control character as an escape such as \u001b.
void append_escape(BlockWriter& out, char control);

// Appends bytes beyond ASCII: C1 controls and characters that change the reading order become JSON escapes,
// bytes that are not UTF-8 become \xNN.
void append_harmless(BlockWriter& out, std::string_view run);

}  // namespace hail::json
