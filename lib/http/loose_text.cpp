#include "lib/http/loose_text.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/http/secrets.h"

namespace hail::http {

namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view blanks = " \t";

bool is_name(char c) {
    return base::is_alphanumeric(c) || std::string_view("_-.[]%").find(c) != std::string_view::npos;
}

std::size_t after(std::string_view text, std::string_view some, std::size_t at) {
    return std::min(text.find_first_not_of(some, at), text.size());
}

// The position after a quote, which may be escaped because the text is itself in a string.
std::size_t after_quote(std::string_view text, std::size_t at) {
    const std::size_t quote = after(text, "\\", at);
    const bool is_quote = quote < text.size() && (text[quote] == '"' || text[quote] == '\'');
    return is_quote ? quote + 1 : at;
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
    const std::size_t begin = after_quote(text, at);
    const std::string_view quote = text.substr(at, begin - at);  // with its backslashes
    for (std::size_t end = text.find(quote, begin); end != text.npos; end = text.find(quote, end + 1)) {
        if (text[end - 1] != '\\') {
            return end + quote.size();
        }
    }
    return text.size();
}

std::size_t end_of_brackets(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= (c == '}' || c == ']') && depth > 0 ? 1 : 0;
        if (depth == 0) {
            return at + 1;
        }
    }
    return at;
}

std::size_t end_of_value(std::string_view text, std::size_t at, char separator) {
    if (after_quote(text, at) != at) {
        return end_of_quoted(text, at);
    }
    if (text[at] == '{' || text[at] == '[') {
        return end_of_brackets(text, at);
    }
    return std::min(text.find_first_of(separator == '=' ? "&\r\n" : "&,}]\r\n", at), text.size());
}

// The position of the value if a secret's name is at the front; 0 if not.
std::size_t value_after(std::string_view text, std::size_t name_size) {
    const std::size_t separator = after(text, blanks, after_quote(text, name_size));
    if (separator >= text.size() || (text[separator] != '=' && text[separator] != ':')) {
        return 0;
    }
    const std::string_view name = text.substr(0, name_size);
    const bool secret = text[separator] == '=' ? is_secret_parameter(name) : is_secret_field(name);
    return secret ? after(text, blanks, separator + 1) : 0;
}

// Without the value of a secret at the front, which is taken away with its name.
void take_name(std::string& out, std::string_view& text) {
    const auto name_end = std::find_if_not(text.begin(), text.end(), is_name);
    const auto name_size = static_cast<std::size_t>(name_end - text.begin());
    const std::size_t value = value_after(text, name_size);
    if (value == 0 || value == text.size()) {
        out += text.substr(0, name_size);
        text.remove_prefix(name_size);
        return;
    }
    const char separator = text[text.find_last_not_of(blanks, value - 1)];
    const std::size_t end = end_of_value(text, value, separator);
    const std::size_t quote = after_quote(text, value) - value;
    const bool closed =
        quote > 0 && end >= value + 2 * quote && text.substr(end - quote, quote) == text.substr(value, quote);
    out += text.substr(0, value + quote);
    if (end > value + (closed ? 2 : 1) * quote) {
        out += mask;
    }
    out += closed ? text.substr(value, quote) : std::string_view();
    text.remove_prefix(end);
}

}  // namespace

std::string mask_loose_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (is_name(text.front())) {
            take_name(out, text);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return mask_urls(out);
}

}  // namespace hail::http
