#include <algorithm>

#include "lib/json/bytes.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

// The walks of scan.h over the members and elements of a value that is known to be valid.

namespace hail::json {

namespace {

// The place after the string that begins at `at`.
const char* string_end(const char* at, const char* end) {
    for (++at; at < end; at += *at == '\\' ? 2 : 1) {
        at = plain_end<HighBytes::pass>(at, end);
        if (at == end || *at == '"') {
            break;
        }
    }
    return at < end ? at + 1 : end;
}

const char* container_end(const char* at, const char* end) {
    std::size_t depth = 0;
    while ((at = structure(at, end)) != end) {
        if (*at == '"') {
            at = string_end(at, end);
            continue;
        }
        const bool opens = *at == '{' || *at == '[';
        ++at;
        depth += opens ? 1 : std::size_t(0) - 1;
        if (depth == 0) {
            break;
        }
    }
    return at;
}

// The place after the valid value that begins at `at`.
const char* value_end(const char* at, const char* end) {
    if (at == end) {
        return end;
    }
    if (*at == '"') {
        return string_end(at, end);
    }
    if (*at == '{' || *at == '[') {
        return container_end(at, end);
    }
    return std::find_if(at, end, [](char c) { return is_space(c) || c == ',' || c == ']' || c == '}'; });
}

std::string_view span(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

// Skips white space and one byte before an element: the opening bracket, or a comma.
const char* first_byte(std::string_view container, const char* end) {
    const char* const at = skip_space(container.data(), end);
    return at == end ? end : at + 1;
}

const char* past_separator(const char* at, const char* end) {
    at = skip_space(at, end);
    return at != end && (*at == ',' || *at == ':') ? skip_space(at + 1, end) : at;
}

}  // namespace

bool equals(std::string_view string, std::string_view text) {
    const std::string_view inside = string.substr(1, string.size() - 2);
    if (inside.find('\\') == inside.npos) {
        return inside == text;
    }
    // No escape is shorter than the text it means, so a shorter span cannot mean this text.
    return inside.size() > text.size() && unquote(string) == text;
}

Members::Members(std::string_view object) : at_(object.data()), end_(at_ + object.size()) {
    at_ = first_byte(object, end_);
}

bool Members::next() {
    at_ = past_separator(at_, end_);
    if (at_ == end_ || *at_ != '"') {
        return false;
    }
    const char* const key_end = string_end(at_, end_);
    key_ = span(at_, key_end);
    const char* const value = past_separator(key_end, end_);
    at_ = value_end(value, end_);
    value_ = span(value, at_);
    return true;
}

Elements::Elements(std::string_view array) : at_(array.data()), end_(at_ + array.size()) {
    at_ = first_byte(array, end_);
}

bool Elements::next() {
    at_ = past_separator(at_, end_);
    if (at_ == end_ || *at_ == ']') {
        return false;
    }
    const char* const value = at_;
    at_ = value_end(at_, end_);
    value_ = span(value, at_);
    return true;
}

std::optional<std::string_view> member(std::string_view object, std::string_view name) {
    std::optional<std::string_view> found;
    for (Members members(object); members.next();) {
        if (members.key_is(name)) {
            found = members.value();
        }
    }
    return found;
}

}  // namespace hail::json
