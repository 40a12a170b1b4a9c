#include "lib/batch/outcome_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/base/text.h"
#include "lib/http/failure.h"
#include "lib/http/retry.h"
#include "lib/json/scan.h"

namespace hail::batch {

namespace {

using base::Exit;
using bulk::Decision;
using bulk::Outcome;
using bulk::Then;
using bulk::Verdict;
using Peer = Verdict::Peer;

template <typename Value, std::size_t N>
bool is_one_of(Value value, const std::array<Value, N>& values) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

template <std::size_t N>
bool mentions_any(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool mentions(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

// Statuses with which a server says that it did not even try.
constexpr std::array<int, 14> refusing{400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 421, 425, 429, 431};
// Those of them that every other request would get too.
constexpr std::array<int, 5> hopeless{401, 403, 404, 405, 415};
constexpr int bad_request = 400;
constexpr int content_too_large = 413;
constexpr int too_many_requests = 429;
// Those after which the same request may succeed: another connection, or another moment.
constexpr std::array<int, 2> passing{421, 425};

constexpr std::int64_t code_limit = -32005;      // three meanings: rate, size of a query, no batches
constexpr std::int64_t code_timeout = -32002;    // geth, for the rest of a batch
constexpr std::int64_t code_too_large = -32003;  // geth, likewise; elsewhere a transaction was rejected

bool is_about_rate(const rpc::ErrorObject& error) {
    constexpr std::array<std::string_view, 9> words{"rate limit",    "rate-limit",     "ratelimit",
                                                    "rate exceeded", "request rate",   "requests per ",
                                                    "throttl",       "out of credits", "concurrent requests"};
    constexpr std::array<std::string_view, 2> many{"too many requests", "request limit"};  // or in a batch
    constexpr std::array<std::int64_t, 3> codes{429, 1008, -32055};
    constexpr std::array<std::string_view, 5> other_limits{"batch", "range", "result", "logs", "size"};
    const std::string text = base::lower(error.text());
    return mentions_any(text, words) || is_one_of(error.number(), codes) ||
           (mentions_any(text, many) && !mentions(text, "batch")) ||
           (error.number() == code_limit && !mentions_any(text, other_limits));
}

Decision refuse(Then then, std::string why, Exit exit) {
    return {.outcome = Outcome::refused, .then = then, .why = std::move(why), .exit = exit, .hint = {}};
}

std::optional<base::Milliseconds> retry_after(const http::ReplyHead& head) {
    const auto value = head.status() == too_many_requests ? head.find("Retry-After") : std::nullopt;
    return value ? http::parse_retry_after(*value, http::current_time()) : std::nullopt;
}

Verdict judge_without_head(const http::Result& result, std::string_view problem) {
    const std::string why = result.failure ? result.failure->why : std::string(problem);
    const Exit exit = result.failure ? result.failure->exit : Exit::bad_reply;
    const std::string hint = result.failure ? result.failure->hint : std::string();
    if (result.sent == http::Sent::wholly || !result.failure) {
        return {.all = {Outcome::unknown, Then::settle, why, exit, hint}, .peer = Peer::silent};
    }
    const Then then = result.failure->lasts ? Then::stop : Then::resend;
    return {.all = {Outcome::not_sent, then, why, exit, hint}};
}

std::size_t half_of(std::size_t count) {
    return std::max<std::size_t>(1, count / 2);
}

// The largest number in the text that is smaller than this one, or 0.
std::size_t largest_number_below(std::string_view text, std::size_t sent) {
    std::size_t largest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = std::min(text.find_first_of("0123456789", at), text.size());
        const std::size_t end = std::min(text.find_first_not_of("0123456789", begin), text.size());
        const auto number = base::parse_number(text.substr(begin, end - begin));
        if (number && *number > 0 && *number < sent) {
            largest = std::max(largest, static_cast<std::size_t>(*number));
        }
        at = end;
    }
    return largest;
}

}  // namespace

Verdict judge_exchange(const http::Result& result, std::string_view problem, std::size_t requests) {
    const int status = result.head.status();
    if (status == 0) {
        return judge_without_head(result, problem);
    }
    const Exit exit = http::exit_of(status);
    std::string why = "HTTP " + std::to_string(status);
    if (!problem.empty()) {
        why += ": ";
        why += problem;
    }
    if (exit == Exit::redirected) {
        return {.all = refuse(Then::stop, why + " (redirects are not followed)", exit)};
    }
    if (is_one_of(status, hopeless)) {
        return {.all = refuse(Then::stop, why, exit)};
    }
    if (status == too_many_requests) {
        return {.all = refuse(Then::resend, why, exit), .too_fast = true, .wait = retry_after(result.head)};
    }
    if (is_one_of(status, passing)) {
        return {.all = refuse(Then::resend, why, exit)};
    }
    if (requests > 1 && (status == content_too_large || status == bad_request)) {
        return {.all = refuse(Then::split, why, exit),
                .accepts = status == content_too_large ? half_of(requests) : 0};
    }
    if (is_one_of(status, refusing)) {
        return {.all = refuse(Then::settle, why, exit), .peer = Peer::strange};
    }
    if (result.failure) {
        return {.all = {Outcome::unknown, Then::settle, result.failure->why, result.failure->exit, {}},
                .peer = Peer::silent};
    }
    if (exit == Exit::ok) {
        return {.all = {Outcome::unknown, Then::settle, std::string(problem), Exit::bad_reply, {}},
                .peer = Peer::strange};
    }
    return {.all = {Outcome::unknown, Then::settle, why, exit, {}}, .peer = Peer::strange};
}

Verdict judge_refusal(const rpc::ErrorObject& refusal, const http::ReplyHead& head, std::size_t requests) {
    const std::string why = rpc::one_line(refusal);
    const int status = head.status();
    if (is_one_of(status, hopeless)) {
        return {.all = refuse(Then::stop, why, Exit::refused)};
    }
    if (status == too_many_requests || is_about_rate(refusal)) {
        return {.all = refuse(Then::resend, why, Exit::refused),
                .too_fast = true,
                .wait = asked_pause(refusal, head)};
    }
    return {.all = refuse(Then::split, why, Exit::refused), .accepts = accepted_at_a_time(refusal, requests)};
}

CallError judge_error(const rpc::ErrorObject& error, int status, std::size_t requests) {
    if (status == too_many_requests || is_about_rate(error)) {
        return {Outcome::refused, Then::resend, true};
    }
    const std::int64_t code = error.number();
    if (requests > 1 && (code == code_too_large || code == code_timeout)) {
        const std::string text = base::lower(error.text());
        if (code == code_too_large && mentions(text, "too large")) {
            return {Outcome::refused, Then::alone, false};
        }
        if (code == code_timeout && (mentions(text, "timed out") || mentions(text, "timeout"))) {
            return {Outcome::unknown, Then::settle, false};
        }
    }
    return {};
}

std::size_t accepted_at_a_time(const rpc::ErrorObject& refusal, std::size_t sent) {
    constexpr std::array<std::string_view, 5> none{"not supported", "unsupported", "not allowed", "disabled",
                                                   "not enabled"};
    constexpr std::array<std::string_view, 3> about_size{"batch", "too large", "too many"};
    constexpr std::int64_t code_batch_too_large = -32010;
    const std::string text = base::lower(refusal.text());
    if (mentions_any(text, none) && (mentions(text, "batch") || refusal.number() == code_limit)) {
        return 1;
    }
    if (!mentions_any(text, about_size) && refusal.number() != code_batch_too_large) {
        return 0;
    }
    const std::size_t named = mentions(text, "batch") ? largest_number_below(text, sent) : 0;
    return named > 0 ? named : half_of(sent);
}

std::optional<base::Milliseconds> asked_pause(const rpc::ErrorObject& error, const http::ReplyHead& head) {
    if (!error.data.empty() && json::kind(error.data) == json::Kind::object) {
        if (const auto value = json::member(error.data, "backoff_seconds")) {
            return base::parse_duration(*value);
        }
    }
    return retry_after(head);
}

}  // namespace hail::batch
