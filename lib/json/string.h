// Conversion between a JSON string, as written in a text, and the UTF-8 text that it means.
//
// Shape:   `string` is a valid JSON string with its quotes; a lone surrogate escape becomes U+FFFD. `text`
//          must be UTF-8, which the caller ensures (base::is_utf8): other bytes are copied unchanged. It is
//          written raw; only control characters become \u escapes.
// Throws:  nothing.
// Source:  RFC 8259 section 7.

#pragma once

#include <string>
#include <string_view>

namespace hail::json {

std::string unquote(std::string_view string);
void append_unquoted(std::string& out, std::string_view string);

std::string quote(std::string_view text);
void append_quoted(std::string& out, std::string_view text);
// Without the quotes, for text inside a longer string.
void append_escaped(std::string& out, std::string_view text);

}  // namespace hail::json
