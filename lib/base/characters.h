// Classes and case of ASCII characters, independent of the locale.
//
// Shape:   bytes above 0x7F belong to no class and have no case.
// Throws:  nothing.

#pragma once

namespace hail::base {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_alphanumeric(char c) {
    return is_letter(c) || is_digit(c);
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// C0 and DEL.
constexpr bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

// The value of a hexadecimal digit of either case, -1 for any other character.
constexpr int hex_value(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    const char letter = to_lower(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

constexpr bool is_hex_digit(char c) {
    return hex_value(c) >= 0;
}

}  // namespace hail::base
