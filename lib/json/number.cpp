#include "lib/json/number.h"

#include <algorithm>
#include <cstdint>

namespace hail::json {

namespace {

// The digits of a number without the point, from the first to the last that is not 0, in two pieces; the
// value is 0.DIGITS times ten to the power of `scale`.
struct Decimal {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    std::int64_t scale = 0;

    bool zero() const { return whole.empty() && fraction.empty(); }
    std::size_t size() const { return whole.size() + fraction.size(); }
    char digit(std::size_t index) const {
        if (index < whole.size()) {
            return whole[index];
        }
        return index < size() ? fraction[index - whole.size()] : '0';
    }
};

constexpr std::int64_t most_exponent = 99'999'999'999'999'999;

std::int64_t read_exponent(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    for (const char c : text) {
        value = std::min(most_exponent, value * 10 + (c - '0'));
    }
    return negative ? -value : value;
}

void drop_leading_zeros(std::string_view& digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
}

void drop_trailing_zeros(std::string_view& digits) {
    const std::size_t last = digits.find_last_not_of('0');
    digits = digits.substr(0, last == digits.npos ? 0 : last + 1);
}

Decimal read(std::string_view text) {
    Decimal number;
    number.negative = text.starts_with('-');
    text.remove_prefix(number.negative ? 1 : 0);
    const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
    const std::string_view mantissa = text.substr(0, exponent);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    number.whole = mantissa.substr(0, point);
    number.fraction = mantissa.substr(std::min(point + 1, mantissa.size()));
    drop_leading_zeros(number.whole);
    number.scale = static_cast<std::int64_t>(number.whole.size());
    if (number.whole.empty()) {
        const std::size_t before = number.fraction.size();
        drop_leading_zeros(number.fraction);
        number.scale -= static_cast<std::int64_t>(before - number.fraction.size());
    }
    drop_trailing_zeros(number.fraction);
    if (number.fraction.empty()) {
        drop_trailing_zeros(number.whole);
    }
    if (exponent < text.size()) {
        number.scale += read_exponent(text.substr(exponent + 1));
    }
    return number;
}

std::strong_ordering compare_magnitudes(const Decimal& a, const Decimal& b) {
    if (a.scale != b.scale) {
        return a.scale <=> b.scale;
    }
    const std::size_t most = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < most; ++i) {
        if (const auto order = a.digit(i) <=> b.digit(i); order != std::strong_ordering::equal) {
            return order;
        }
    }
    return std::strong_ordering::equal;
}

int sign(const Decimal& number) {
    if (number.zero()) {
        return 0;
    }
    return number.negative ? -1 : 1;
}

}  // namespace

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
    const Decimal left = read(a);
    const Decimal right = read(b);
    if (sign(left) != sign(right)) {
        return sign(left) <=> sign(right);
    }
    if (sign(left) == 0) {
        return std::strong_ordering::equal;
    }
    return left.negative ? compare_magnitudes(right, left) : compare_magnitudes(left, right);
}

}  // namespace hail::json
