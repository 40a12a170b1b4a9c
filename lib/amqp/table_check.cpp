#include "lib/amqp/table_check.h"

#include <cstdint>
#include <string>

#include "lib/amqp/bytes.h"
#include "lib/amqp/table.h"
#include "lib/base/error.h"

namespace hail::amqp {

namespace {

constexpr std::uint16_t has_content_type = 1U << 15U;
constexpr std::uint16_t has_content_encoding = 1U << 14U;
constexpr std::uint16_t has_headers = 1U << 13U;
constexpr std::uint16_t has_more_flags = 1U;

[[noreturn]] void reject_headers(const std::string& why) {
    throw base::Error(base::Exit::bad_reply, "the broker sent a message with headers that " + why);
}

std::string_view take_bytes(std::string_view& rest, std::size_t size) {
    if (size > rest.size()) {
        reject_headers("are cut short");
    }
    const std::string_view bytes = rest.substr(0, size);
    rest.remove_prefix(size);
    return bytes;
}

template <typename Size>
std::string_view take_sized(std::string_view& rest) {
    Size size{};
    if (!take(rest, size)) {
        reject_headers("are cut short");
    }
    return take_bytes(rest, size);
}

void check_table(std::string_view table, std::size_t depth);

void check_value(std::string_view& rest, std::size_t depth) {
    const char kind = take_bytes(rest, 1).front();
    switch (kind) {
        case 'V':
            return;
        case 't':
        case 'b':
        case 'B':
            take_bytes(rest, 1);
            return;
        case 's':
        case 'u':
            take_bytes(rest, 2);
            return;
        case 'I':
        case 'i':
        case 'f':
            take_bytes(rest, 4);
            return;
        case 'D':
            take_bytes(rest, 5);
            return;
        case 'l':
        case 'L':
        case 'd':
        case 'T':
            take_bytes(rest, 8);
            return;
        case 'S':
        case 'x':
            take_sized<std::uint32_t>(rest);
            return;
        case 'F':
            check_table(take_sized<std::uint32_t>(rest), depth + 1);
            return;
        case 'A':
            for (std::string_view array = take_sized<std::uint32_t>(rest); !array.empty();) {
                if (depth >= most_nesting) {
                    reject_headers("are nested too deeply");
                }
                check_value(array, depth + 1);
            }
            return;
        default:
            reject_headers("have a value of an unknown type");
    }
}

void check_table(std::string_view table, std::size_t depth) {
    if (depth > most_nesting) {
        reject_headers("are nested too deeply");
    }
    while (!table.empty()) {
        take_sized<std::uint8_t>(table);
        check_value(table, depth);
    }
}

}  // namespace

void check_headers(std::string_view properties) {
    std::uint16_t flags = 0;
    std::uint16_t more = 0;
    if (!take(properties, flags)) {
        reject_headers("are cut short");
    }
    for (more = flags; (more & has_more_flags) != 0;) {
        if (!take(properties, more)) {
            reject_headers("are cut short");
        }
    }
    if ((flags & has_headers) == 0) {
        return;
    }
    for (const std::uint16_t text : {has_content_type, has_content_encoding}) {
        if ((flags & text) != 0) {
            take_sized<std::uint8_t>(properties);
        }
    }
    check_table(take_sized<std::uint32_t>(properties), 0);
}

}  // namespace hail::amqp
