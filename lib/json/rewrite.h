// JSON rewritten with other white space, with its members in another order, or with some values masked. The
// text of numbers and strings, duplicate keys and the order of elements stay the same.
//
// Shape:   takes text that check() accepted; the result has no white space between tokens, so it is one line.
// Throws:  nothing.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hail::json {

void append_compact(std::string& out, std::string_view value);

// Members of objects are sorted by the bytes of their decoded names; equal names keep their order. Below
// most_sorted levels the order stays.
inline constexpr std::size_t most_sorted = 100;

void append_sorted(std::string& out, std::string_view value);

// The same bytes, white space included, except that "***" replaces the values of members whose decoded names
// are secret. An empty string, true, false and null stay.
void append_masked(std::string& out, std::string_view value, bool (*is_secret)(std::string_view name));

}  // namespace hail::json
