#include "lib/json/indent.h"

#include <algorithm>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/json/block_writer.h"
#include "lib/json/bytes.h"
#include "lib/json/escape.h"
#include "lib/json/scan.h"

namespace hail::json {

namespace {

constexpr std::size_t most_space = std::size_t{64} << 10U;

bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

bool is_number_byte(char c) {
    return base::is_digit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

// Usually the colour is empty, which must cost nothing.
void append_colour(std::string_view colour, BlockWriter& out) {
    if (!colour.empty()) {
        out.put(colour);
    }
}

}  // namespace

void Indenter::feed(std::string_view bytes, std::string& out) {
    BlockWriter writer(out);
    if (options_.controls == IndentOptions::Controls::pass) {
        process(bytes, writer);
        writer.flush();
        return;
    }
    const std::string joined = carried_.empty() ? std::string() : carried_ + std::string(bytes);
    const std::string_view all = carried_.empty() ? bytes : std::string_view(joined);
    const std::size_t whole = all.size() - cut_sequence(all);
    process(all.substr(0, whole), writer);
    carried_ = all.substr(whole);
    writer.flush();
}

void Indenter::finish(std::string& out) {
    BlockWriter writer(out);
    process(carried_, writer);
    carried_.clear();
    end_text(writer);
    writer.flush();
}

void Indenter::end_text(BlockWriter& out) {
    if (broken_) {
        return;
    }
    if (token_ == Token::number) {
        end_token(out);
    } else if (token_ != Token::none) {
        out.put(options_.colours.reset);
    }
    if (!open_.empty() || token_ != Token::none) {
        pass_through(space_, out);
    } else if (wrote_value_) {
        out.put('\n');
    }
}

bool Indenter::complete() const {
    return !broken_ && open_.empty() && (token_ == Token::none || token_ == Token::number);
}

void Indenter::process(std::string_view bytes, BlockWriter& out) {
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
                at = escaped(at, out);
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

// Moves from token to token; the other states are for tokens that the end of a feed cuts.
const char* Indenter::between(const char* at, const char* end, BlockWriter& out) {
    while (token_ == Token::none) {
        const char* const token = skip_space(at, end);
        if (token != at) {
            space_.append(span(at, token).substr(0, most_space - std::min(most_space, space_.size())));
            at = token;
        }
        if (at == end) {
            break;
        }
        if (!start(at, end, out)) {
            break_off(out);
            break;
        }
        space_.clear();
    }
    return at;
}

// Takes a token, or the beginning of a literal. False if this byte is not allowed here; then nothing was
// written.
bool Indenter::start(const char*& at, const char* end, BlockWriter& out) {
    const char c = *at;
    switch (expected_) {
        case Expected::value:
            return start_value(at, end, out);
        case Expected::first_element:
            return c == ']' ? close(at, out) : start_value(at, end, out);
        case Expected::first_key:
        case Expected::key:
            if (c == '"') {
                string_is_key_ = true;
                at = start_string(options_.colours.key, at, end, out);
                return true;
            }
            return c == '}' && expected_ == Expected::first_key && close(at, out);
        case Expected::colon:
            if (c == ':') {
                punctuation(*at++, out);
                expected_ = Expected::value;
            }
            return c == ':';
        case Expected::separator:
            break;
    }
    const bool in_object = open_.back() == '{';
    if (c == ',') {
        punctuation(*at++, out);
        expected_ = in_object ? Expected::key : Expected::value;
        return true;
    }
    return c == (in_object ? '}' : ']') && close(at, out);
}

bool Indenter::start_value(const char*& at, const char* end, BlockWriter& out) {
    const char c = *at;
    switch (c) {
        case '"':
            string_is_key_ = false;
            at = start_string(options_.colours.string, at, end, out);
            return true;
        case '{':
        case '[':
            if (open_.size() == most_depth) {
                return false;
            }
            open(*at++, out);
            return true;
        case 't':
            return start_literal("true", at, out);
        case 'f':
            return start_literal("false", at, out);
        case 'n':
            return start_literal("null", at, out);
        default:
            break;
    }
    if (c != '-' && !base::is_digit(c)) {
        return false;
    }
    lead_in(out);
    append_colour(options_.colours.number, out);
    token_ = Token::number;
    at = number(at, end, out);
    return true;
}

const char* Indenter::start_string(std::string_view colour, const char* at, const char* end,
                                   BlockWriter& out) {
    lead_in(out);
    append_colour(colour, out);
    out.put('"');
    token_ = Token::string;
    return string(at + 1, end, out);
}

bool Indenter::start_literal(std::string_view word, const char*& at, BlockWriter& out) {
    lead_in(out);
    append_colour(options_.colours.literal, out);
    out.put(*at++);
    literal_ = word.substr(1);
    token_ = Token::literal;
    return true;
}

void Indenter::open(char bracket, BlockWriter& out) {
    lead_in(out);
    punctuation(bracket, out);
    open_.push_back(bracket);
    expected_ = bracket == '{' ? Expected::first_key : Expected::first_element;
}

bool Indenter::close(const char*& at, BlockWriter& out) {
    open_.pop_back();
    if (expected_ == Expected::separator) {
        new_line(open_.size(), out);
    }
    punctuation(*at++, out);
    end_value();
    return true;
}

const char* Indenter::string(const char* at, const char* end, BlockWriter& out) {
    const bool escape = options_.controls == IndentOptions::Controls::escape;
    while (true) {
        at = escape ? out.put_plain<HighBytes::stop_and_delete>(at, end)
                    : out.put_plain<HighBytes::pass>(at, end);
        if (at == end) {
            return end;
        }
        if (*at == '"') {
            out.put(*at);
            end_token(out);
            return at + 1;
        }
        if (*at != '\\') {
            at = odd_byte(at, end, out);
            continue;
        }
        out.put(*at++);
        token_ = Token::escape;
        if (at == end) {
            return end;
        }
        at = escaped(at, out);
    }
}

// After a backslash: also takes a byte that would look like the end of the string or another backslash.
const char* Indenter::escaped(const char* at, BlockWriter& out) {
    token_ = Token::string;
    if (*at == '"' || *at == '\\') {
        out.put(*at++);
    }
    return at;
}

const char* Indenter::odd_byte(const char* at, const char* end, BlockWriter& out) {
    if (is_high(*at)) {
        const char* const run_end = std::find_if_not(at, end, is_high);
        append_harmless(out, span(at, run_end));
        return run_end;
    }
    if (options_.controls == IndentOptions::Controls::escape) {
        append_escape(out, *at);
    } else {
        out.put(*at);
    }
    return at + 1;
}

const char* Indenter::number(const char* at, const char* end, BlockWriter& out) {
    while (at != end && is_number_byte(*at)) {
        out.put(*at++);
    }
    if (at != end) {
        end_token(out);
    }
    return at;
}

const char* Indenter::literal(const char* at, const char* end, BlockWriter& out) {
    while (at != end && !literal_.empty()) {
        if (*at != literal_.front()) {
            out.put(options_.colours.reset);
            break_off(out);
            return at;
        }
        out.put(*at++);
        literal_.remove_prefix(1);
    }
    if (literal_.empty()) {
        end_token(out);
    }
    return at;
}

void Indenter::end_token(BlockWriter& out) {
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

// Writes the white space before a key, a value or an opening bracket.
void Indenter::lead_in(BlockWriter& out) {
    if (open_.empty()) {
        if (wrote_value_) {
            out.put('\n');
        }
    } else if (open_.back() == '{' && expected_ == Expected::value) {
        out.put(' ');
    } else {
        new_line(open_.size(), out);
    }
}

void Indenter::new_line(std::size_t depth, BlockWriter& out) const {
    out.put('\n');
    out.put(std::min(depth, most_indented) * options_.width, ' ');
}

void Indenter::punctuation(char c, BlockWriter& out) const {
    if (options_.colours.punctuation.empty()) {
        out.put(c);
        return;
    }
    out.put(options_.colours.punctuation);
    out.put(c);
    out.put(options_.colours.reset);
}

void Indenter::break_off(BlockWriter& out) {
    broken_ = true;
    pass_through(space_, out);
    space_.clear();
}

void Indenter::pass_through(std::string_view bytes, BlockWriter& out) const {
    if (options_.controls == IndentOptions::Controls::escape) {
        out.put(base::printable(bytes));
    } else {
        out.put(bytes);
    }
}

}  // namespace hail::json
