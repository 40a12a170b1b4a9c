#include "lib/base/unseen.h"

#include <algorithm>
#include <array>

namespace hail::base {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array<Range, 13> unseen{{{0x00AD, 0x00AD},      // soft hyphen
                                        {0x034F, 0x034F},      // grapheme joiner
                                        {0x061C, 0x061C},      // Arabic letter mark
                                        {0x180E, 0x180E},      // Mongolian vowel separator
                                        {0x200B, 0x200F},      // no width, and marks of the reading order
                                        {0x2028, 0x202E},      // separators, embeddings and overrides
                                        {0x2060, 0x206F},      // joiners, invisible operators, isolates
                                        {0x3164, 0x3164},      // filler
                                        {0xFEFF, 0xFEFF},      // byte order mark
                                        {0xFFA0, 0xFFA0},      // filler
                                        {0xFFF9, 0xFFFB},      // annotations
                                        {0x1D173, 0x1D17A},    // musical beams
                                        {0xE0000, 0xE007F}}};  // tags

// Of well-formed UTF-8; 0 for a sequence that is cut.
struct Character {
    char32_t code = 0;
    std::size_t length = 0;
};

Character first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < length) {
        return {};
    }
    char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {code, length};
}

}  // namespace

std::size_t unseen_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0xC2) {
        return 0;
    }
    const Character first = first_character(text);
    const bool is_unseen = std::any_of(unseen.begin(), unseen.end(), [&](const Range& range) {
        return first.code >= range.first && first.code <= range.last;
    });
    return is_unseen ? first.length : 0;
}

std::string escaped_character(std::string_view text, std::size_t length) {
    constexpr std::string_view digits = "0123456789abcdef";
    const char32_t code = first_character(text.substr(0, length)).code;
    std::string out = code > 0xFFFF ? "\\U" : "\\u";
    for (unsigned shift = code > 0xFFFF ? 32 : 16; shift > 0; shift -= 4) {
        out += digits[(code >> (shift - 4)) & 15U];
    }
    return out;
}

}  // namespace hail::base
