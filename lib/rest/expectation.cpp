#include "lib/rest/expectation.h"

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/compare.h"
#include "lib/json/number.h"
#include "lib/json/pick.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"

namespace hail::rest {

namespace {

struct Operator {
    std::string_view text;
    Comparison comparison;
};

// Longest first.
constexpr std::array<Operator, 6> operators{{{"==", Comparison::equal},
                                             {"!=", Comparison::different},
                                             {"<=", Comparison::at_most},
                                             {">=", Comparison::at_least},
                                             {"<", Comparison::less},
                                             {">", Comparison::greater}}};

[[noreturn]] void reject_expectation(std::string_view typed, std::size_t at, const std::string& what,
                                     const std::string& mend) {
    const std::string shown = base::one_line(typed);
    // The caret is in the right place only if nothing before it was escaped or cut.
    const bool plain = shown.size() == typed.size();
    const std::string caret = plain ? "\n      " + shown + "\n      " + std::string(at, ' ') + "^" : "";
    throw base::Error(base::Exit::usage, "expectation '" + shown + "': " + what, mend + caret);
}

struct Split {
    std::size_t at = 0;
    Operator found;
};

std::optional<Split> find_operator(std::string_view text) {
    bool inside = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '[' || text[at] == ']') {
            inside = text[at] == '[';
        } else if (!inside) {
            for (const Operator& one : operators) {
                if (text.substr(at).starts_with(one.text)) {
                    return Split{at, one};
                }
            }
        }
    }
    return std::nullopt;
}

bool orders(Comparison comparison) {
    return comparison != Comparison::equal && comparison != Comparison::different &&
           comparison != Comparison::absent;
}

void take_status(Expectation& expectation, std::size_t at) {
    const auto number = base::parse_number(expectation.value);
    if (!number || *number < 100 || *number > 999) {
        reject_expectation(expectation.typed, at, "a status is a number with three digits",
                           "such as status==200 or status<400");
    }
}

void take_header(Expectation& expectation, std::string_view name, std::size_t at) {
    if (name.empty()) {
        reject_expectation(expectation.typed, 0, "the header name is missing",
                           "such as header:Content-Type==text/plain");
    }
    if (orders(expectation.comparison)) {
        reject_expectation(expectation.typed, at, "a header is text and has no order",
                           "compare it with == or !=");
    }
    expectation.subject = Expectation::Subject::header;
    expectation.header = name;
}

json::Path path_in(const Expectation& expectation, std::string_view path) {
    const std::size_t path_at = static_cast<std::size_t>(path.data() - expectation.typed.data());
    json::ParsedPath parsed = json::parse_path(path);
    if (parsed.problem) {
        reject_expectation(expectation.typed, path_at + parsed.problem->begin, parsed.problem->what,
                           parsed.problem->mend);
    }
    return std::move(parsed.path);
}

// An empty path after "body:" is the whole body.
void take_body(Expectation& expectation, std::string_view path, bool whole, std::size_t value_at) {
    expectation.path = whole ? json::Path() : path_in(expectation, path);
    if (const auto problem = json::check(expectation.value)) {
        reject_expectation(expectation.typed, value_at + problem->offset,
                           "the value is not JSON: " + json::describe(expectation.value, *problem),
                           "for the text " + base::one_line(expectation.value, 60) + " write " +
                               base::one_line(json::quote(expectation.value), 60) + ", quotes included");
    }
    const json::Kind kind = json::kind(expectation.value);
    if (orders(expectation.comparison) && kind != json::Kind::number && kind != json::Kind::string) {
        reject_expectation(expectation.typed, value_at,
                           std::string(json::name_with_article(kind)) + " has no order",
                           "compare it with == or !=");
    }
    expectation.subject = Expectation::Subject::body;
}

// "!PATH" or "!header:NAME".
void take_absence(Expectation& expectation) {
    constexpr std::string_view body = "body:";
    const std::string_view subject = base::trim(std::string_view(expectation.typed).substr(1));
    expectation.comparison = Comparison::absent;
    if (subject == "status") {
        reject_expectation(expectation.typed, 1, "every reply has a status", "such as status!=404");
    } else if (subject.starts_with("header:")) {
        take_header(expectation, subject.substr(7), 1);
    } else {
        const std::string_view path = subject.substr(subject.starts_with(body) ? body.size() : 0);
        if (path.empty()) {
            reject_expectation(expectation.typed, expectation.typed.size(), "the path is missing",
                               "such as !errors");
        }
        expectation.path = path_in(expectation, path);
        expectation.subject = Expectation::Subject::body;
    }
}

}  // namespace

Expectation parse_expectation(std::string_view text) {
    constexpr std::string_view header = "header:";
    constexpr std::string_view body = "body:";
    Expectation expectation;
    expectation.typed = text;
    const std::string_view typed = expectation.typed;
    if (typed.starts_with('!') && !find_operator(typed.substr(1))) {
        take_absence(expectation);
        return expectation;
    }
    const auto split = find_operator(typed);
    if (!split) {
        reject_expectation(typed, typed.size(), "expected ==, !=, <, <=, > or >=",
                           "such as status==200, state==\"done\", or !errors for a member that is absent");
    }
    // White space around the operator does not count.
    const std::string_view subject = base::trim(typed.substr(0, split->at));
    const std::string_view value = base::trim(typed.substr(split->at + split->found.text.size()));
    const std::size_t value_at =
        value.empty() ? typed.size() : static_cast<std::size_t>(value.data() - typed.data());
    expectation.comparison = split->found.comparison;
    expectation.value = value;
    if (subject == "status") {
        take_status(expectation, value_at);
    } else if (subject.starts_with(header)) {
        take_header(expectation, subject.substr(header.size()), split->at);
    } else {
        const std::size_t prefix = subject.starts_with(body) ? body.size() : 0;
        take_body(expectation, subject.substr(prefix), subject == body, value_at);
    }
    return expectation;
}

// --- judging ----------------------------------------------------------------------------------------------

namespace {

bool holds(Comparison comparison, std::strong_ordering order) {
    switch (comparison) {
        case Comparison::equal:
            return std::is_eq(order);
        case Comparison::different:
            return std::is_neq(order);
        case Comparison::less:
            return std::is_lt(order);
        case Comparison::at_most:
            return std::is_lteq(order);
        case Comparison::greater:
            return std::is_gt(order);
        case Comparison::at_least:
        case Comparison::absent:
            break;
    }
    return std::is_gteq(order);
}

bool holds(Comparison comparison, std::string_view found, std::string_view wanted) {
    if (!orders(comparison)) {
        return json::equal(found, wanted) == (comparison == Comparison::equal);
    }
    const json::Kind kind = json::kind(found);
    if (kind != json::kind(wanted)) {
        return false;
    }
    return holds(comparison, kind == json::Kind::number
                                 ? json::compare_numbers(found, json::trim(wanted))
                                 : json::unquote(found) <=> json::unquote(json::trim(wanted)));
}

Verdict judge_status(const Expectation& expectation, int status) {
    const std::string found = std::to_string(status);
    return {holds(expectation.comparison, json::compare_numbers(found, expectation.value)),
            "the status is " + found};
}

Verdict judge_header(const Expectation& expectation, const http::ReplyHead& head) {
    const auto found = head.find(expectation.header);
    if (!found) {
        return {
            expectation.comparison == Comparison::different || expectation.comparison == Comparison::absent,
            "the reply has no header " + base::one_line(expectation.header, 60)};
    }
    const bool same = *found == expectation.value;
    return {
        same == (expectation.comparison == Comparison::equal) && expectation.comparison != Comparison::absent,
        base::one_line(expectation.header, 60) + " is '" + base::one_line(*found, 80) + "'"};
}

Verdict judge_body(const Expectation& expectation, std::string_view body) {
    body = base::without_byte_order_mark(body);
    const bool whole = expectation.path.segments.empty();
    const std::string path = whole ? "the body" : base::one_line(expectation.path.text, 60);
    if (const auto problem = json::check(body, json::Encoding::any)) {
        return {false, body.empty()                               ? "the reply has no body"
                       : problem->what == json::nested_too_deeply ? "the body is nested too deeply to be read"
                                                                  : "the body is not JSON"};
    }
    const std::vector<std::string_view> found = json::pick(body, expectation.path);
    if (found.empty()) {
        return {expectation.comparison == Comparison::absent, "the reply has no '" + path + "'"};
    }
    for (const std::string_view value : found) {
        if (expectation.comparison == Comparison::absent ||
            !holds(expectation.comparison, value, expectation.value)) {
            return {false, path + " is " + base::one_line(value, 80)};
        }
    }
    return {true, path + " is " + base::one_line(found.front(), 80)};
}

}  // namespace

Verdict judge(const Expectation& expectation, const http::ReplyHead& head, std::string_view body) {
    switch (expectation.subject) {
        case Expectation::Subject::status:
            return judge_status(expectation, head.status());
        case Expectation::Subject::header:
            return judge_header(expectation, head);
        case Expectation::Subject::body:
            break;
    }
    return judge_body(expectation, body);
}

Expectations::Expectations(const std::vector<std::string>& typed) {
    all_.reserve(typed.size());
    for (const std::string& text : typed) {
        all_.push_back(parse_expectation(text));
    }
}

bool Expectations::are_about(Expectation::Subject subject) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const Expectation& one) { return one.subject == subject; });
}

std::optional<std::string> Expectations::first_failure(const http::ReplyHead& head,
                                                       std::string_view body) const {
    for (const Expectation& one : all_) {
        if (const Verdict verdict = judge(one, head, body); !verdict.holds) {
            return "expected " + base::one_line(one.typed, 100) + ", but " + verdict.why;
        }
    }
    return std::nullopt;
}

}  // namespace hail::rest
