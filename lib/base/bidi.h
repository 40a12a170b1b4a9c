// Bidirectional control characters: they reverse the order in which the text after them is displayed, so that
// it can be misread.
//
// Source:  Unicode Standard Annex 9, 2.1 to 2.5 (embeddings, overrides, isolates); CVE-2021-42574.

#pragma once

#include <string_view>

namespace hail::base {

// True if the text, in UTF-8, begins with one: U+202A to U+202E or U+2066 to U+2069. Each takes three bytes.
inline bool begins_with_bidi_control(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xE2') {
        return false;
    }
    const auto last = static_cast<unsigned char>(text[2]);
    return (text[1] == '\x80' && last >= 0xAA && last <= 0xAE) ||
           (text[1] == '\x81' && last >= 0xA6 && last <= 0xA9);
}

}  // namespace hail::base
