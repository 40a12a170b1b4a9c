#include "lib/json/string.h"

#include <charconv>
#include <cstdint>

#include "lib/base/text.h"
#include "lib/json/bytes.h"

namespace hail::json {

namespace {

// The code unit of "\uXXXX" at the front of the text; 0 if there is none.
std::uint32_t code_unit(std::string_view text) {
    std::uint32_t unit = 0;
    if (text.size() >= 6 && text.starts_with("\\u")) {
        std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    }
    return unit;
}

// Appends the character of the \u escape at the front, and returns the length that was read: 6, or 12 for a
// pair.
std::size_t append_unicode(std::string& out, std::string_view escape) {
    constexpr std::uint32_t replacement = 0xFFFD;
    const std::uint32_t first = code_unit(escape);
    if (first < 0xD800 || first > 0xDFFF) {
        base::append_utf8(out, first);
        return 6;
    }
    const std::uint32_t second = first < 0xDC00 ? code_unit(escape.substr(6)) : 0;
    if (second < 0xDC00 || second > 0xDFFF) {
        base::append_utf8(out, replacement);
        return 6;
    }
    base::append_utf8(out, 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00));
    return 12;
}

char single_escape(char letter) {
    switch (letter) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return letter;
    }
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view raw = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    if (const std::size_t index = raw.find(c); index != raw.npos) {
        out += '\\';
        out += letters[index];
        return;
    }
    base::append_hex(out += "\\u00", c);
}

}  // namespace

std::string unquote(std::string_view string) {
    std::string out;
    append_unquoted(out, string);
    return out;
}

void append_unquoted(std::string& out, std::string_view string) {
    std::string_view rest = string.substr(1, string.size() - 2);
    while (true) {
        const std::size_t escape = rest.find('\\');
        out += rest.substr(0, escape);
        if (escape == rest.npos) {
            return;
        }
        rest.remove_prefix(escape);
        if (rest[1] == 'u') {
            rest.remove_prefix(append_unicode(out, rest));
        } else {
            out += single_escape(rest[1]);
            rest.remove_prefix(2);
        }
    }
}

std::string quote(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    append_quoted(out, text);
    return out;
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

void append_escaped(std::string& out, std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        const char* const stop = plain_end<HighBytes::pass>(at, end);
        out.append(at, stop);
        if (stop == end) {
            return;
        }
        append_escape(out, *stop);
        at = stop + 1;
    }
}

}  // namespace hail::json
