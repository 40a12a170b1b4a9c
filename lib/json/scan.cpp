#include "lib/json/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/base/characters.h"
#include "lib/base/text.h"
#include "lib/json/bytes.h"

namespace hail::json {

namespace {

// One bit for each open container: whether it is an object. Only the bits below depth_ are ever read;
// clearing the rest would cost more than reading a short text.
class Nesting {  // NOLINT(cppcoreguidelines-pro-type-member-init)
  public:
    bool empty() const { return depth_ == 0; }
    bool full() const { return depth_ == most_depth; }
    bool in_object() const { return (bits_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1U) != 0; }
    void pop() { --depth_; }
    void push(Kind kind) {
        std::uint64_t& word = bits_[depth_ / 64];
        const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
        word = kind == Kind::object ? word | bit : word & ~bit;
        ++depth_;
    }

  private:
    std::size_t depth_ = 0;
    std::array<std::uint64_t, most_depth / 64 + 1> bits_;
};

// One pass over a text. Every step returns false once problem_ is set.
template <Encoding encoding>
class Checker {
  public:
    explicit Checker(std::string_view text) : begin_(text.data()), end_(begin_ + text.size()), at_(begin_) {}

    std::optional<Problem> run() {
        do {
            at_ = skip_space(at_, end_);
            if (expected_ == Expected::separator && nesting_.empty()) {
                return at_ == end_ ? std::nullopt : std::optional(problem("unexpected text after the value"));
            }
        } while (step());
        return problem_;
    }

  private:
    enum class Expected { value, key, separator };

    bool step() {
        if (at_ == end_) {
            return set_problem(at_ == begin_ ? "expected a value" : "the text ends too early");
        }
        switch (expected_) {
            case Expected::value:
                return value();
            case Expected::key:
                return key();
            case Expected::separator:
                break;
        }
        return separator();
    }

    bool value() {
        expected_ = Expected::separator;
        switch (*at_) {
            case '"':
                return string();
            case '{':
                return open(Kind::object, '}');
            case '[':
                return open(Kind::array, ']');
            case 't':
                return literal("true");
            case 'f':
                return literal("false");
            case 'n':
                return literal("null");
            default:
                return number();
        }
    }

    bool open(Kind kind, char close) {
        if (nesting_.full()) {
            return set_problem(nested_too_deeply);
        }
        at_ = skip_space(at_ + 1, end_);
        if (at_ != end_ && *at_ == close) {
            ++at_;
            return true;
        }
        nesting_.push(kind);
        expected_ = kind == Kind::object ? Expected::key : Expected::value;
        return true;
    }

    bool key() {
        if (*at_ != '"') {
            return set_problem("expected a name in double quotes");
        }
        if (!string()) {
            return false;
        }
        at_ = skip_space(at_, end_);
        if (at_ == end_ || *at_ != ':') {
            return set_problem(at_ == end_ ? "the text ends too early" : "expected ':'");
        }
        ++at_;
        expected_ = Expected::value;
        return true;
    }

    bool separator() {
        const bool object = nesting_.in_object();
        if (*at_ == ',') {
            expected_ = object ? Expected::key : Expected::value;
        } else if (*at_ == (object ? '}' : ']')) {
            nesting_.pop();
        } else {
            return set_problem(object ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        ++at_;
        return true;
    }

    bool string() {
        constexpr HighBytes high = encoding == Encoding::utf8 ? HighBytes::stop : HighBytes::pass;
        const char* const open = at_++;
        while (true) {
            at_ = plain_end<high>(at_, end_);
            if (at_ == end_) {
                at_ = open;
                return set_problem("an unterminated string");
            }
            if (*at_ == '"') {
                ++at_;
                return true;
            }
            if (*at_ == '\\' ? !escape() : !beyond_ascii()) {
                return false;
            }
        }
    }

    bool escape() {
        constexpr std::string_view single = "\"\\/bfnrt";
        if (end_ - at_ >= 2 && single.find(at_[1]) != single.npos) {
            at_ += 2;
            return true;
        }
        if (end_ - at_ >= 6 && at_[1] == 'u' && std::all_of(at_ + 2, at_ + 6, base::is_hex_digit)) {
            at_ += 6;
            return true;
        }
        return set_problem("an invalid escape");
    }

    // A control character, or a run of bytes that must be UTF-8.
    bool beyond_ascii() {
        const auto is_high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        if (!is_high(*at_)) {
            return set_problem("an unescaped control character in a string");
        }
        const char* const run_end = std::find_if_not(at_, end_, is_high);
        const std::string_view run(at_, static_cast<std::size_t>(run_end - at_));
        if (const std::size_t wrong = base::first_invalid_utf8(run); wrong != run.npos) {
            at_ += wrong;
            return set_problem("invalid UTF-8");
        }
        at_ = run_end;
        return true;
    }

    bool literal(std::string_view word) {
        if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) {
            return set_problem("expected a value");
        }
        at_ += word.size();
        return true;
    }

    bool number() {
        const char* const start = at_;
        at_ += *at_ == '-' ? 1 : 0;
        if (at_ == end_ || !base::is_digit(*at_)) {
            at_ = start;
            return set_problem("expected a value");
        }
        if (*at_ == '0') {
            ++at_;
        } else {
            digits();
        }
        if (at_ != end_ && *at_ == '.') {
            ++at_;
            if (!digits()) {
                return set_problem("expected a digit after the point");
            }
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            ++at_;
            at_ += at_ != end_ && (*at_ == '+' || *at_ == '-') ? 1 : 0;
            if (!digits()) {
                return set_problem("expected a digit in the exponent");
            }
        }
        return true;
    }

    // Takes all digits; false if there are none.
    bool digits() {
        const char* const start = at_;
        while (at_ != end_ && base::is_digit(*at_)) {
            ++at_;
        }
        return at_ != start;
    }

    Problem problem(std::string_view what) const { return {static_cast<std::size_t>(at_ - begin_), what}; }

    bool set_problem(std::string_view what) {
        problem_ = problem(what);
        return false;
    }

    const char* begin_;
    const char* end_;
    const char* at_;
    Expected expected_ = Expected::value;
    Problem problem_;
    Nesting nesting_;
};

}  // namespace

std::optional<Problem> check(std::string_view text, Encoding encoding) {
    return encoding == Encoding::utf8 ? Checker<Encoding::utf8>(text).run()
                                      : Checker<Encoding::any>(text).run();
}

Position position(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
    return {static_cast<std::size_t>(lines) + 1, before.size() - line_start + 1};
}

std::string describe(std::string_view text, const Problem& problem) {
    const Position at = position(text, problem.offset);
    const std::string line =
        trim(text).find('\n') == text.npos ? "" : "line " + std::to_string(at.line) + " ";
    return std::string(problem.what) + " at " + line + "column " + std::to_string(at.column);
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

Kind kind(std::string_view value) {
    const char* const at = skip_space(value.data(), value.data() + value.size());
    switch (at == value.data() + value.size() ? 'n' : *at) {
        case '{':
            return Kind::object;
        case '[':
            return Kind::array;
        case '"':
            return Kind::string;
        case 't':
        case 'f':
            return Kind::boolean;
        case 'n':
            return Kind::null;
        default:
            return Kind::number;
    }
}

std::string_view name(Kind kind) {
    return name_with_article(kind).substr(name_with_article(kind).find(' ') + 1);  // "null" has no article
}

std::string_view name_with_article(Kind kind) {
    static constexpr std::array<std::string_view, 6> names{"an object", "an array",  "a string",
                                                           "a number",  "a boolean", "null"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace hail::json
