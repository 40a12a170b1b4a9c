// Comparison of JSON values by meaning: numbers exactly by value, strings by their text, arrays in order,
// objects in any order of their members (if a name appears twice, the last one counts).
//
// Shape:   takes text that check() accepted. Below most_compared levels, values are equal if their bytes are.
// Throws:  nothing.

#pragma once

#include <string_view>

namespace hail::json {

inline constexpr int most_compared = 100;

bool equal(std::string_view a, std::string_view b);

}  // namespace hail::json
