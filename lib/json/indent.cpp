#include "lib/json/indent.h"

#include <algorithm>

#include "lib/base/bidi.h"
#include "lib/base/text.h"
#include "lib/json/bytes.h"
#include "lib/json/scan.h"

namespace hail::json {

namespace {

constexpr std::size_t most_space = std::size_t{64} << 10U;

bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

bool is_number_byte(char c) {
    return is_digit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

// How many bytes at the end are the begin of a UTF-8 sequence whose rest may come with the next feed.
std::size_t cut_sequence(std::string_view bytes) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if (byte < 0x80) {
            return 0;
        }
        if (byte >= 0xC0) {
            const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            return length > back ? back : 0;
        }
    }
    return 0;
}

void append_hex(std::string& out, std::string_view prefix, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += prefix;
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

// From the last two bytes of its sequence, whose first is E2.
void append_bidi_control(std::string& out, char second, char third) {
    const auto low = static_cast<unsigned>(static_cast<unsigned char>(third)) & 0x3FU;
    const unsigned code = (static_cast<unsigned>(static_cast<unsigned char>(second)) & 0x3FU) << 6U | low;
    append_hex(out, "\\u20", static_cast<char>(static_cast<unsigned char>(code)));
}

// Bytes beyond ASCII of a string: C1 controls and what turns the reading order as JSON escapes, bytes that are not UTF-8
// as \xNN.
void append_high(std::string& out, std::string_view run) {
    while (!run.empty()) {
        const std::string_view whole = run.substr(0, base::first_invalid_utf8(run));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const bool c1 = whole[i] == '\xC2' && static_cast<unsigned char>(whole[i + 1]) < 0xA0;
            if (c1) {
                append_hex(out, "\\u00", whole[++i]);
            } else if (base::begins_with_bidi_control(whole.substr(i))) {
                append_bidi_control(out, whole[i + 1], whole[i + 2]);
                i += 2;
            } else {
                out += whole[i];
            }
        }
        run.remove_prefix(whole.size());
        if (!run.empty()) {
            append_hex(out, "\\x", run.front());
            run.remove_prefix(1);
        }
    }
}

// Usually there is none, which must cost nothing.
void append_colour(std::string_view colour, std::string& out) {
    if (!colour.empty()) {
        out += colour;
    }
}

std::string_view span(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

void Indenter::feed(std::string_view bytes, std::string& out) {
    if (options_.controls == IndentOptions::Controls::pass) {
        process(bytes, out);
        return;
    }
    const std::string joined = carried_.empty() ? std::string() : carried_ + std::string(bytes);
    const std::string_view all = carried_.empty() ? bytes : std::string_view(joined);
    const std::size_t whole = all.size() - cut_sequence(all);
    process(all.substr(0, whole), out);
    carried_ = all.substr(whole);
}

void Indenter::finish(std::string& out) {
    process(carried_, out);
    carried_.clear();
    if (broken_) {
        return;
    }
    if (token_ == Token::number) {
        end_token(out);
    } else if (token_ != Token::none) {
        out += options_.colours.reset;
    }
    if (!open_.empty() || token_ != Token::none) {
        pass_through(space_, out);
    } else if (wrote_value_) {
        out += '\n';
    }
}

bool Indenter::complete() const {
    return !broken_ && open_.empty() && (token_ == Token::none || token_ == Token::number);
}

void Indenter::process(std::string_view bytes, std::string& out) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end && !broken_) {
        switch (token_) {
            case Token::none:
                at = between(at, end, out);
                break;
            case Token::string:
                at = string(at, end, out);
                break;
            case Token::escape:
                token_ = Token::string;
                if (*at == '"' || *at == '\\') {
                    out += *at++;
                }
                break;
            case Token::number:
                at = number(at, end, out);
                break;
            case Token::literal:
                at = literal(at, end, out);
                break;
        }
    }
    pass_through(span(at, end), out);
}

const char* Indenter::between(const char* at, const char* end, std::string& out) {
    const char* const token = skip_space(at, end);
    if (token != at) {
        space_.append(span(at, token).substr(0, most_space - std::min(most_space, space_.size())));
    }
    if (token == end) {
        return end;
    }
    if (!start(*token, out)) {
        break_off(out);
        return token;
    }
    space_.clear();
    return token + 1;
}

// False if this byte cannot stand here; nothing was written then.
bool Indenter::start(char c, std::string& out) {
    switch (expected_) {
        case Expected::value:
            return start_value(c, out);
        case Expected::first_element:
            if (c == ']') {
                close(c, out);
                return true;
            }
            return start_value(c, out);
        case Expected::first_key:
        case Expected::key:
            if (c == '"') {
                string_is_key_ = true;
                start_string(options_.colours.key, out);
                return true;
            }
            if (c == '}' && expected_ == Expected::first_key) {
                close(c, out);
                return true;
            }
            return false;
        case Expected::colon:
            if (c == ':') {
                punctuation(c, out);
                expected_ = Expected::value;
            }
            return c == ':';
        case Expected::separator:
            break;
    }
    if (c == ',') {
        punctuation(c, out);
        expected_ = open_.back() == '{' ? Expected::key : Expected::value;
        return true;
    }
    if (c == (open_.back() == '{' ? '}' : ']')) {
        close(c, out);
        return true;
    }
    return false;
}

bool Indenter::start_value(char c, std::string& out) {
    switch (c) {
        case '"':
            string_is_key_ = false;
            start_string(options_.colours.string, out);
            return true;
        case '{':
        case '[':
            if (open_.size() == most_depth) {
                return false;
            }
            open(c, out);
            return true;
        case 't':
            start_literal("true", out);
            return true;
        case 'f':
            start_literal("false", out);
            return true;
        case 'n':
            start_literal("null", out);
            return true;
        default:
            break;
    }
    if (c != '-' && !is_digit(c)) {
        return false;
    }
    lead_in(out);
    append_colour(options_.colours.number, out);
    out += c;
    token_ = Token::number;
    return true;
}

void Indenter::start_string(std::string_view colour, std::string& out) {
    lead_in(out);
    append_colour(colour, out);
    out += '"';
    token_ = Token::string;
}

void Indenter::start_literal(std::string_view word, std::string& out) {
    lead_in(out);
    append_colour(options_.colours.literal, out);
    out += word.front();
    literal_ = word.substr(1);
    token_ = Token::literal;
}

void Indenter::open(char bracket, std::string& out) {
    lead_in(out);
    punctuation(bracket, out);
    open_.push_back(bracket);
    expected_ = bracket == '{' ? Expected::first_key : Expected::first_element;
}

void Indenter::close(char bracket, std::string& out) {
    open_.pop_back();
    if (expected_ == Expected::separator) {
        new_line(open_.size(), out);
    }
    punctuation(bracket, out);
    end_value();
}

const char* Indenter::string(const char* at, const char* end, std::string& out) {
    const bool escape = options_.controls == IndentOptions::Controls::escape;
    const char* stop = escape ? plain_end<HighBytes::stop>(at, end) : plain_end<HighBytes::pass>(at, end);
    stop = escape ? std::find(at, stop, '\x7f') : stop;
    out.append(at, stop);
    if (stop == end) {
        return end;
    }
    if (*stop == '"') {
        out += '"';
        end_token(out);
        return stop + 1;
    }
    if (*stop == '\\') {
        out += '\\';
        token_ = Token::escape;
        return stop + 1;
    }
    return odd_byte(stop, end, out);
}

const char* Indenter::odd_byte(const char* at, const char* end, std::string& out) {
    if (is_high(*at)) {
        const char* const run_end = std::find_if_not(at, end, is_high);
        append_high(out, span(at, run_end));
        return run_end;
    }
    if (options_.controls == IndentOptions::Controls::escape) {
        append_hex(out, "\\u00", *at);
    } else {
        out += *at;
    }
    return at + 1;
}

const char* Indenter::number(const char* at, const char* end, std::string& out) {
    const char* const stop = std::find_if_not(at, end, is_number_byte);
    out.append(at, stop);
    if (stop != end) {
        end_token(out);
    }
    return stop;
}

const char* Indenter::literal(const char* at, const char* end, std::string& out) {
    while (at != end && !literal_.empty()) {
        if (*at != literal_.front()) {
            out += options_.colours.reset;
            break_off(out);
            return at;
        }
        out += *at++;
        literal_.remove_prefix(1);
    }
    if (literal_.empty()) {
        end_token(out);
    }
    return at;
}

void Indenter::end_token(std::string& out) {
    const bool key = token_ == Token::string && string_is_key_;
    append_colour(options_.colours.reset, out);
    token_ = Token::none;
    if (key) {
        expected_ = Expected::colon;
    } else {
        end_value();
    }
}

void Indenter::end_value() {
    expected_ = open_.empty() ? Expected::value : Expected::separator;
    wrote_value_ = wrote_value_ || open_.empty();
}

// White space in front of a key, a value or an opening bracket.
void Indenter::lead_in(std::string& out) {
    if (open_.empty()) {
        if (wrote_value_) {
            out += '\n';
        }
    } else if (open_.back() == '{' && expected_ == Expected::value) {
        out += ' ';
    } else {
        new_line(open_.size(), out);
    }
}

void Indenter::new_line(std::size_t depth, std::string& out) const {
    const std::size_t spaces = std::min(depth, most_indented) * options_.width;
    out.append(spaces + 1, ' ');
    out[out.size() - spaces - 1] = '\n';
}

void Indenter::punctuation(char c, std::string& out) const {
    if (options_.colours.punctuation.empty()) {
        out += c;
        return;
    }
    out += options_.colours.punctuation;
    out += c;
    out += options_.colours.reset;
}

void Indenter::break_off(std::string& out) {
    broken_ = true;
    pass_through(space_, out);
    space_.clear();
}

void Indenter::pass_through(std::string_view bytes, std::string& out) const {
    if (options_.controls == IndentOptions::Controls::escape) {
        out += base::printable(bytes);
    } else {
        out += bytes;
    }
}

}  // namespace hail::json
