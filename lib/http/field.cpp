#include "lib/http/field.h"

#include <algorithm>
#include <utility>

#include "lib/base/characters.h"
#include "lib/base/text.h"

namespace hail::http {

bool is_token_character(char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return base::is_alphanumeric(c) || marks.find(c) != marks.npos;
}

void FieldReader::skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
}

bool FieldReader::take(char c) {
    skip_space();
    if (!rest_.starts_with(c)) {
        return false;
    }
    rest_.remove_prefix(1);
    skip_space();
    return true;
}

std::string_view FieldReader::token() {
    const auto end = static_cast<std::size_t>(
        std::find_if_not(rest_.begin(), rest_.end(), is_token_character) - rest_.begin());
    const std::string_view result = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return result;
}

std::string_view FieldReader::until(std::string_view stops) {
    const std::string_view result = rest_.substr(0, rest_.find_first_of(stops));
    rest_.remove_prefix(result.size());
    return result;
}

std::optional<std::string> FieldReader::quoted() {
    if (!rest_.starts_with('"')) {
        return std::nullopt;
    }
    std::string out;
    std::size_t at = 1;
    while (at < rest_.size() && rest_[at] != '"') {
        at += rest_[at] == '\\' && at + 1 < rest_.size() ? 1U : 0U;
        out += rest_[at++];
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return out;
}

std::optional<FieldReader::Parameter> FieldReader::parameter() {
    skip_space();
    Parameter result{base::lower(token()), {}};
    if (result.name.empty()) {
        return std::nullopt;
    }
    if (take('=')) {
        auto text = quoted();
        result.value = text ? std::move(*text) : std::string(until(";, \t"));
    }
    skip_space();
    return result;
}

bool lists(std::string_view list, std::string_view wanted) {
    FieldReader reader(list);
    while (!reader.at_end()) {
        if (base::equal_ignoring_case(base::trim(reader.until(",")), wanted)) {
            return true;
        }
        reader.take(',');
    }
    return false;
}

std::optional<std::string> parameter_of(std::string_view field, std::string_view name) {
    FieldReader reader(field);
    reader.until(";");
    while (reader.take(';')) {
        auto parameter = reader.parameter();
        if (parameter && parameter->name == name) {
            return std::move(parameter->value);
        }
        reader.until(";");
    }
    return std::nullopt;
}

}  // namespace hail::http
