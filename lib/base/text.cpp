#include "lib/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "lib/base/characters.h"
#include "lib/base/unseen.h"

namespace hail::base {

namespace {

struct Unit {
    std::string_view name;
    double factor;
};

// A decimal number, optionally with a fraction, and one of the units; nothing if the product exceeds 2^53.
template <std::size_t N>
std::optional<double> parse_with_unit(std::string_view text, const std::array<Unit, N>& units) {
    const auto digits_end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string_view digits = text.substr(0, digits_end);
    if (digits.empty() || digits.front() == '.' || digits.back() == '.') {
        return std::nullopt;
    }
    double number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(digits_end);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
    if (unit == units.end() || number * unit->factor > 9007199254740992.0) {
        return std::nullopt;
    }
    return number * unit->factor;
}

std::string one_decimal(double value, std::string_view unit) {
    std::array<char, 32> buffer{};
    const bool whole = value == std::floor(value) || value >= 100;
    const auto [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                              std::chars_format::fixed, whole ? 0 : 1);
    // 32 bytes hold every value that a 64-bit count of bytes or milliseconds gives.
    static_cast<void>(problem);
    return std::string(buffer.data(), end) + " " + std::string(unit);
}

// RFC 4648 section 4.
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The length of the well-formed sequence at the front of the text, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0U) == 0x80U; };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return continues(1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool ok = continues(1) && continues(2) && !(lead == 0xE0 && byte(1) < 0xA0) &&
                        !(lead == 0xED && byte(1) > 0x9F);
        return ok ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool ok = continues(1) && continues(2) && continues(3) && !(lead == 0xF0 && byte(1) < 0x90) &&
                        !(lead == 0xF4 && byte(1) > 0x8F);
        return ok ? 4 : 0;
    }
    return 0;
}

// Escapes everything that could control a terminal; `keep` lists the control characters that stay.
std::string escape_controls(std::string_view text, std::string_view keep) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        const std::size_t length = utf8_length(text);
        const bool c1 = length == 2 && byte == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
        const bool control = length == 1 && is_control(text.front()) && keep.find(text.front()) == keep.npos;
        if (length == 0 || control) {
            append_hex(out += "\\x", text.front());
            text.remove_prefix(1);
            continue;
        }
        if (c1) {
            append_hex(out += "\\x", text[1]);
        } else if (unseen_length(text) > 0) {
            out += escaped_character(text, length);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return out;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
    static constexpr std::array<Unit, 5> units{
        {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
    const auto value = parse_with_unit(text, units);
    if (!value || *value > static_cast<double>(std::numeric_limits<int>::max())) {
        return std::nullopt;
    }
    return Milliseconds(std::llround(*value));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    static constexpr std::array<Unit, 14> units{{{"", 1},
                                                 {"B", 1},
                                                 {"k", 1024},
                                                 {"K", 1024},
                                                 {"kB", 1024},
                                                 {"KiB", 1024},
                                                 {"M", 1048576},
                                                 {"MB", 1048576},
                                                 {"MiB", 1048576},
                                                 {"G", 1073741824},
                                                 {"GB", 1073741824},
                                                 {"GiB", 1073741824},
                                                 {"T", 1099511627776},
                                                 {"TiB", 1099511627776}}};
    const auto value = parse_with_unit(text, units);
    return value ? std::optional(static_cast<std::uint64_t>(std::llround(*value))) : std::nullopt;
}

std::string format_duration(Milliseconds duration) {
    const auto ms = duration.count();
    if (ms < 1000) {
        return std::to_string(ms) + " ms";
    }
    if (ms < 60'000) {
        return one_decimal(static_cast<double>(ms) / 1000, "s");
    }
    return std::to_string(ms / 60'000) + " m " + std::to_string(ms / 1000 % 60) + " s";
}

std::string format_size(std::uint64_t bytes) {
    static constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return one_decimal(value, units[unit]);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view space = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(space);
    return first == text.npos ? std::string_view{}
                              : text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t length = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return taken;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), to_lower);
    return out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), to_upper);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a == b) {  // the usual case, and much faster
        return true;
    }
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::size_t first_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return text.npos;
}

void append_utf8(std::string& out, char32_t code) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | code >> 6U);
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3FU));
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

std::string printable(std::string_view text) {
    return escape_controls(text, "\t\n");
}

std::string printable_lines(std::string_view text) {
    std::string lines;
    lines.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!text.substr(i).starts_with("\r\n")) {
            lines += text[i];
        }
    }
    return printable(lines);
}

std::string one_line(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return escape_controls(text, "");
    }
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
        --cut;
    }
    return escape_controls(text.substr(0, cut), "") + "...";
}

std::string_view without_byte_order_mark(std::string_view text) {
    return text.substr(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
}

std::string base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= group.size() ? base64_digits[bits >> (18U - 6U * i) & 63U] : '=';
        }
    }
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    std::string out;
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const std::string_view group = text.substr(at, 4);
        const std::size_t digits = at + 4 < text.size() ? 4 : std::min<std::size_t>(group.find('='), 4);
        if (digits < 2 || group.find_first_not_of('=', digits) != group.npos) {
            return std::nullopt;
        }
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t value = i < digits ? base64_digits.find(group[i]) : 0;
            if (value == base64_digits.npos) {
                return std::nullopt;
            }
            bits = bits << 6U | static_cast<std::uint32_t>(value);
        }
        for (std::size_t i = 0; i + 1 < digits; ++i) {
            out += static_cast<char>(static_cast<unsigned char>(bits >> (16U - 8U * i) & 255U));
        }
    }
    return out;
}

void append_hex(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

void append_percent_encoded(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

}  // namespace hail::base
