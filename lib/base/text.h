// Functions for text: numbers with units, case, UTF-8, escapes.
//
// Shape:   a parser must understand the whole text, else it returns nothing; it skips no white space.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"

namespace hail::base {

// Decimal digits only, no sign, no spaces; nothing on overflow.
std::optional<std::uint64_t> parse_number(std::string_view text);

// "500ms", "2s", "1.5s", "1m", "2h"; a bare number is seconds, as in curl and sleep(1).
std::optional<Milliseconds> parse_duration(std::string_view text);

// "64M", "10k", "1GiB", "4096": bytes, factors of 1024.
std::optional<std::uint64_t> parse_size(std::string_view text);

// "350 ms", "2.5 s", "3 m 20 s", for messages.
std::string format_duration(Milliseconds duration);

// "512 B", "3.4 MiB", for messages.
std::string format_size(std::uint64_t bytes);

std::string_view trim(std::string_view text);  // ASCII white space at both ends
std::string lower(std::string_view text);      // ASCII only, as are the next two
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Removes the text up to this character, and the character, and returns that text; all of it if there is no
// such character.
std::string_view take_until(std::string_view& text, char end);

// The parts, which are strings or views, with the separator between them.
template <typename Parts>
std::string join(const Parts& parts, std::string_view separator) {
    std::string out;
    bool first = true;
    for (const auto& part : parts) {
        out += first ? std::string_view() : separator;
        out += part;
        first = false;
    }
    return out;
}

// The offset of the first byte that is not part of well-formed UTF-8, or npos.
// Source: RFC 3629 (no surrogates, no overlong forms, at most U+10FFFF).
std::size_t first_invalid_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) {
    return first_invalid_utf8(text) == std::string_view::npos;
}
void append_utf8(std::string& out, char32_t code);  // at most U+10FFFF

// The text with every control character (C0 except tab and line feed, DEL, C1), every invisible one
// (unseen.h) and every malformed byte shown as an escape such as \x1b or \u202e, so that it cannot steer a
// terminal.
std::string printable(std::string_view text);

// The same for lines that may end in CR LF, which is shown as a line end.
std::string printable_lines(std::string_view text);

// The same on one line: line feeds and tabs are escaped too, and "..." replaces text beyond `most` bytes.
std::string one_line(std::string_view text, std::size_t most = 200);

// U+FEFF as UTF-8. Some systems begin every text with it; JSON must not, but a reader may ignore it.
// Source: RFC 8259 8.1.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
std::string_view without_byte_order_mark(std::string_view text);

// RFC 4648 section 4, with padding.
std::string base64(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);  // nothing for any other form

void append_hex(std::string& out, char c);              // "2f"
void append_percent_encoded(std::string& out, char c);  // "%2F"

// RFC 3986 percent-decoding; nothing for a % without two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace hail::base
