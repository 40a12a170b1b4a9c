// Between a JSON string as it stands in a text and the UTF-8 text that it means.
//
// Shape:   `string` is a valid JSON string with its quotes; a lone surrogate escape becomes U+FFFD.
//          `text` is UTF-8 by the caller's word (base::is_utf8): other bytes are copied as they are. It is
//          written raw, never as \u escapes, but for the control characters.
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

}  // namespace hail::json
