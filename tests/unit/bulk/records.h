// Records for tests: a text, whose id is its first word in parentheses; without one, no reply is expected.

#pragma once

#include <string_view>

#include "lib/bulk/record.h"

inline hail::bulk::Record record_of(std::string_view text, std::uint64_t line = 1) {
    hail::bulk::Record record{.text = text, .line = line};
    const auto begin = text.find('(');
    if (begin != std::string_view::npos) {
        record.id = text.substr(begin, text.find(')', begin) + 1 - begin);
    }
    return record;
}
