#include "lib/json/outline.h"

#include "lib/json/bytes.h"
#include "lib/json/scanner.h"

namespace hail::json {

namespace {

Problem problem_at(std::string_view text, const char* at, std::string_view what) {
    return {static_cast<std::size_t>(at - text.data()), what};
}

// `read` reads the value with the scanner.
template <Encoding encoding, typename Read>
std::optional<Problem> check_with(std::string_view text, const Read& read) {
    const char* const end = text.data() + text.size();
    if (text.empty()) {
        return Problem{0, "expected a value"};
    }
    Scanner<encoding> scanner(end);
    const char* at = read(scanner, skip_space(text.data(), end));
    if (at == nullptr) {
        return problem_at(text, scanner.fault(), scanner.what());
    }
    at = skip_space(at, end);
    return at == end ? std::nullopt : std::optional(problem_at(text, at, "unexpected text after the value"));
}

template <typename Read>
std::optional<Problem> check_with(std::string_view text, Encoding encoding, const Read& read) {
    return encoding == Encoding::utf8 ? check_with<Encoding::utf8>(text, read)
                                      : check_with<Encoding::any>(text, read);
}

}  // namespace

std::optional<Problem> check(std::string_view text, Encoding encoding) {
    return check_with(text, encoding, [](auto& scanner, const char* at) { return scanner.value(at); });
}

std::optional<Problem> check(std::string_view text, Encoding encoding, Outline& outline) {
    return check_with(text, encoding,
                      [&outline](auto& scanner, const char* at) { return scanner.value(at, outline); });
}

CheckedElements::CheckedElements(std::string_view array, Encoding encoding)
    : text_(array), encoding_(encoding), at_(array.data() + 1) {}

bool CheckedElements::next() {
    return encoding_ == Encoding::utf8 ? step<Encoding::utf8>() : step<Encoding::any>();
}

bool CheckedElements::set_problem(const char* at, std::string_view what) {
    problem_ = problem_at(text_, at, what);
    return false;
}

template <Encoding encoding>
bool CheckedElements::step() {
    const char* const end = text_.data() + text_.size();
    at_ = skip_space(at_, end);
    if (at_ != end && *at_ == ']') {
        const char* const rest = skip_space(at_ + 1, end);
        return rest == end ? false : set_problem(rest, "unexpected text after the value");
    }
    if (!first_) {
        if (at_ == end || *at_ != ',') {
            return set_problem(at_, at_ == end ? "the text ends too early" : "expected ',' or ']'");
        }
        at_ = skip_space(at_ + 1, end);
    }
    first_ = false;
    Scanner<encoding> scanner(end, 1);
    const char* const value_end = scanner.value(at_, outline_);
    if (value_end == nullptr) {
        return set_problem(scanner.fault(), scanner.what());
    }
    value_ = {at_, static_cast<std::size_t>(value_end - at_)};
    at_ = value_end;
    return true;
}

}  // namespace hail::json
