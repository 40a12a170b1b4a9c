// Numbers as AMQP writes them: big endian, without alignment.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hail::amqp {

// The first sizeof(Number) bytes of the text, which must be there.
template <typename Number>
Number load(const char* from) {
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        number = static_cast<Number>((number << 8U) | static_cast<unsigned char>(from[i]));
    }
    return number;
}
template <>
inline std::uint8_t load(const char* from) {
    return static_cast<std::uint8_t>(*from);
}

template <typename Number>
void store(char* to, Number number) {
    for (std::size_t i = sizeof(Number); i > 0; --i) {
        to[i - 1] = static_cast<char>(number & 0xFFU);
        number = static_cast<Number>(static_cast<std::uint64_t>(number) >> 8U);
    }
}

// Takes a number off the front; false if the text is too short.
template <typename Number>
bool take(std::string_view& text, Number& number) {
    if (text.size() < sizeof(Number)) {
        return false;
    }
    number = load<Number>(text.data());
    text.remove_prefix(sizeof(Number));
    return true;
}

}  // namespace hail::amqp
