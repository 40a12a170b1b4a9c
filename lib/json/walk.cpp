#include "lib/json/bytes.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

// The walks of scan.h over the members and elements of a value that is known to be valid.

namespace hail::json {

namespace {

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
