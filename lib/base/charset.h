// Text in other character sets than UTF-8, for people.
//
// Throws:  nothing.
// Source:  the WHATWG Encoding standard, 4.2 and 9.1: ISO-8859-1 and US-ASCII are read as windows-1252.

#pragma once

#include <string>
#include <string_view>

namespace hail::base {

enum class Charset { utf8, windows_1252, other };

// By its name in a Content-Type, in any case; no name is UTF-8.
Charset charset_named(std::string_view name);

std::string utf8_of_windows_1252(std::string_view text);
std::string utf8_of_latin1(std::string_view text);  // ISO 8859-1 proper

}  // namespace hail::base
