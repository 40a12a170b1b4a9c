// Invisible characters that change how the text around them reads: those that turn the reading order, those
// without width, and the line separators of Unicode.
//
// Shape:   the text is UTF-8 and not empty; lengths in bytes. The joiner in an emoji is one of them too.
// Throws:  nothing.
// Source:  Unicode Standard Annex 9, 2.1 to 2.5 (reading order; CVE-2021-42574); the Zl, Zp and
//          Default_Ignorable characters of Unicode, except letters and variation selectors.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hail::base {

// The length of such a character at the front of the text; 0 if there is none.
std::size_t unseen_length(std::string_view text);

// The character of this length at the front of the text as an escape: \u200b, or \U000e0041 beyond U+FFFF.
std::string escaped_character(std::string_view text, std::size_t length);

}  // namespace hail::base
