#include "lib/base/charset.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"

namespace hail::base {

namespace {

// Of the bytes 0x80 to 0x9F; the rest is as in ISO 8859-1.
constexpr std::array<char32_t, 32> letters{0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                           0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                           0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                           0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

bool is_among(std::string_view name, const auto& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

}  // namespace

Charset charset_named(std::string_view name) {
    static constexpr std::array<std::string_view, 4> utf8{"", "utf-8", "utf8", "unicode-1-1-utf-8"};
    static constexpr std::array<std::string_view, 11> western{
        "iso-8859-1",   "iso8859-1", "iso_8859-1", "iso88591", "latin1", "l1",
        "windows-1252", "cp1252",    "x-cp1252",   "us-ascii", "ascii"};
    return is_among(name, utf8)      ? Charset::utf8
           : is_among(name, western) ? Charset::windows_1252
                                     : Charset::other;
}

std::string utf8_of_windows_1252(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        append_utf8(out, byte >= 0x80 && byte < 0xA0 ? letters[byte - 0x80U] : byte);
    }
    return out;
}

std::string utf8_of_latin1(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        append_utf8(out, static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace hail::base
