#include "lib/json/scanner.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/json/bytes.h"

namespace hail::json {

namespace {

constexpr std::string_view ends_early = "the text ends too early";
constexpr std::string_view no_value = "expected a value";
constexpr std::string_view unterminated = "an unterminated string";

template <Encoding encoding>
constexpr HighBytes high_bytes = encoding == Encoding::utf8 ? HighBytes::stop : HighBytes::pass;

}  // namespace

// Most strings are short and plain: this much is worth being copied to each place that reads a string.
template <Encoding encoding>
[[gnu::always_inline]] inline const char* Scanner<encoding>::string(const char* at) {
    const char* const quote = plain_end<high_bytes<encoding>>(at + 1, end_);
    return quote != end_ && *quote == '"' ? quote + 1 : string_from(at, quote);
}

// `at` is the first byte of the string that is not plain.
template <Encoding encoding>
const char* Scanner<encoding>::string_from(const char* open, const char* at) {
    while (at != end_ && *at != '"') {
        at = *at == '\\' ? escape(at) : beyond_ascii(at);
        if (at == nullptr) {
            return nullptr;
        }
        at = plain_end<high_bytes<encoding>>(at, end_);
    }
    return at == end_ ? fail(open, unterminated) : at + 1;
}

// The place of the value after the key.
template <Encoding encoding>
[[gnu::always_inline]] inline const char* Scanner<encoding>::key(const char* at, const char*& key_end) {
    if (at == end_ || *at != '"') {
        return fail(at, at == end_ ? ends_early : "expected a name in double quotes");
    }
    key_end = string(at);
    if (key_end == nullptr) {
        return nullptr;
    }
    at = key_end;
    if (at == end_ || *at != ':') {  // mostly there is no white space
        at = skip_space(at, end_);
        if (at == end_ || *at != ':') {
            return fail(at, at == end_ ? ends_early : "expected ':'");
        }
    }
    return skip_space(at + 1, end_);
}

template <Encoding encoding>
const char* Scanner<encoding>::value(const char* at) {
    if (at == end_) {
        return fail(at, ends_early);
    }
    if (*at == '"') {
        return string(at);
    }
    return *at == '{' || *at == '[' ? container(at) : scalar(at);
}

template <Encoding encoding>
const char* Scanner<encoding>::value(const char* at, Outline& outline) {
    outline.clear();
    return at != end_ && *at == '{' ? object(at, outline) : value(at);
}

// No token is longer than 6 bytes, except strings and numbers; a number that is cut ends at the end.
template <Encoding encoding>
bool Scanner<encoding>::may_be_cut() const {
    constexpr std::ptrdiff_t longest_token = 6;
    return what_ == unterminated || end_ - fault_ < longest_token;
}

// The outermost object, member by member.
template <Encoding encoding>
const char* Scanner<encoding>::object(const char* at, Outline& outline) {
    at = skip_space(at + 1, end_);
    if (at != end_ && *at == '}') {
        return at + 1;
    }
    --most_;
    while (true) {
        Outline::Member member{at, nullptr, nullptr, nullptr};
        member.value = key(at, member.key_end);
        if (member.value == nullptr) {
            return nullptr;
        }
        member.value_end = value(member.value);
        if (member.value_end == nullptr) {
            return nullptr;
        }
        outline.note(member);
        at = member.value_end;
        if (at == end_ || *at != ',') {
            at = skip_space(at, end_);
            if (at == end_ || *at != ',') {
                break;
            }
        }
        at = skip_space(at + 1, end_);
    }
    ++most_;
    if (at == end_) {
        return fail(at, ends_early);
    }
    return *at == '}' ? at + 1 : fail(at, "expected ',' or '}'");
}

template <Encoding encoding>
const char* Scanner<encoding>::container(const char* at) {
    Nesting nesting;  // of the containers around `at`, in the outermost of which all began
    bool in_object = false;
    while (true) {
        if (in_object) {
            const char* key_end = nullptr;
            at = key(at, key_end);
            if (at == nullptr) {
                return nullptr;
            }
        }
        if (at == end_) {
            return fail(at, ends_early);
        }
        if (*at == '{' || *at == '[') {
            if (nesting.depth() == most_) {
                return fail(at, nested_too_deeply);
            }
            const bool object = *at == '{';
            at = skip_space(at + 1, end_);
            if (at == end_ || *at != (object ? '}' : ']')) {
                nesting.push(in_object);
                in_object = object;
                continue;
            }
            ++at;
        } else {
            at = *at == '"' ? string(at) : scalar(at);
            if (at == nullptr) {
                return nullptr;
            }
        }
        at = close(at, in_object, nesting);
        if (at == nullptr || nesting.depth() == 0) {
            return at;
        }
    }
}

// Closes the containers that end after a value, and passes the comma if another value follows.
template <Encoding encoding>
const char* Scanner<encoding>::close(const char* at, bool& in_object, Nesting& nesting) {
    while (nesting.depth() > 0) {
        at = skip_space(at, end_);
        if (at == end_) {
            return fail(at, ends_early);
        }
        if (*at == ',') {
            return skip_space(at + 1, end_);
        }
        if (*at != (in_object ? '}' : ']')) {
            return fail(at, in_object ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        ++at;
        in_object = nesting.pop();
    }
    return at;
}

template <Encoding encoding>
const char* Scanner<encoding>::scalar(const char* at) {
    switch (*at) {
        case 't':
            return literal(at, "true");
        case 'f':
            return literal(at, "false");
        case 'n':
            return literal(at, "null");
        default:
            return number(at);
    }
}

template <Encoding encoding>
const char* Scanner<encoding>::escape(const char* at) {
    constexpr std::string_view single = "\"\\/bfnrt";
    if (end_ - at >= 2 && single.find(at[1]) != single.npos) {
        return at + 2;
    }
    if (end_ - at >= 6 && at[1] == 'u' && std::all_of(at + 2, at + 6, base::is_hex_digit)) {
        return at + 6;
    }
    return fail(at, "an invalid escape");
}

// A control character, or a run of bytes that must be UTF-8.
template <Encoding encoding>
const char* Scanner<encoding>::beyond_ascii(const char* at) {
    const auto is_high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (!is_high(*at)) {
        return fail(at, "an unescaped control character in a string");
    }
    const char* const run_end = std::find_if_not(at, end_, is_high);
    if (const std::size_t wrong = base::first_invalid_utf8(span(at, run_end));
        wrong != std::string_view::npos) {
        return fail(at + wrong, "invalid UTF-8");
    }
    return run_end;
}

template <Encoding encoding>
const char* Scanner<encoding>::literal(const char* at, std::string_view word) {
    return span(at, end_).starts_with(word) ? at + word.size() : fail(at, no_value);
}

template <Encoding encoding>
const char* Scanner<encoding>::number(const char* at) {
    const char* const start = at;
    at += *at == '-' ? 1 : 0;
    if (at == end_ || !base::is_digit(*at)) {
        return fail(start, no_value);
    }
    at = *at == '0' ? at + 1 : digits(at + 1);
    return at == end_ || (*at != '.' && (*at | ' ') != 'e') ? at : fraction(at);
}

template <Encoding encoding>
const char* Scanner<encoding>::fraction(const char* at) {
    if (*at == '.') {
        const char* const first = at + 1;
        at = digits(first);
        if (at == first) {
            return fail(at, "expected a digit after the point");
        }
    }
    if (at != end_ && (*at == 'e' || *at == 'E')) {
        ++at;
        at += at != end_ && (*at == '+' || *at == '-') ? 1 : 0;
        const char* const first = at;
        at = digits(first);
        if (at == first) {
            return fail(at, "expected a digit in the exponent");
        }
    }
    return at;
}

template <Encoding encoding>
const char* Scanner<encoding>::digits(const char* at) const {
    while (at != end_ && base::is_digit(*at)) {
        ++at;
    }
    return at;
}

template class Scanner<Encoding::utf8>;
template class Scanner<Encoding::any>;

}  // namespace hail::json
