// Comparison of JSON numbers by value, exactly and whatever their size: 1.0 is 1, 1e2 is 100, -0 is 0.
//
// Shape:   numbers as written in a text that check() accepted. Digits are compared, nothing is converted; an
//          exponent of more than 17 digits counts as one of 17.
// Throws:  nothing.

#pragma once

#include <compare>
#include <string_view>

namespace hail::json {

std::strong_ordering compare_numbers(std::string_view a, std::string_view b);

}  // namespace hail::json
