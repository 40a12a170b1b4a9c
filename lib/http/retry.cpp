#include "lib/http/retry.h"

#include <algorithm>
#include <array>

#include "lib/base/backoff.h"
#include "lib/base/text.h"

namespace hail::http {

namespace {

using base::Milliseconds;

bool is_transient_status(int status) {
    return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_transient_failure(base::Exit failure) {
    return failure == base::Exit::unreachable || failure == base::Exit::timed_out ||
           failure == base::Exit::unknown;
}

bool is_busy(const Attempt& attempt) {
    return !attempt.failure && (attempt.status == 429 || (attempt.status == 503 && attempt.retry_after));
}

bool may_go_again(const RetryOptions& options, std::string_view method, const Attempt& attempt) {
    const bool harmless = options.keyed || is_idempotent(method);
    if (!attempt.failure) {
        const bool unexecuted = options.refusals && attempt.status == 429;
        return (harmless || unexecuted) && is_transient_status(attempt.status);
    }
    const bool unsent = attempt.sent == Sent::nothing;
    const bool fresh = attempt.status == 0 || attempt.resumes;
    return is_transient_failure(*attempt.failure) && fresh && (unsent || harmless);
}

}  // namespace

bool is_safe(std::string_view method) {
    static constexpr std::array<std::string_view, 6> methods{"GET",   "HEAD",     "OPTIONS",
                                                             "TRACE", "PROPFIND", "QUERY"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool is_idempotent(std::string_view method) {
    return is_safe(method) || method == "PUT" || method == "DELETE";
}

std::optional<Milliseconds> parse_retry_after(std::string_view value, Time now) {
    constexpr std::uint64_t most_seconds = 1'000'000'000;
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
    if (digits) {
        const std::uint64_t seconds = base::parse_number(value).value_or(most_seconds);  // none: too large
        return Milliseconds(static_cast<std::int64_t>(std::min(seconds, most_seconds)) * 1000);
    }
    const auto date = parse_date(value, now);
    return date ? std::optional<Milliseconds>(std::max(*date - now, std::chrono::seconds(0))) : std::nullopt;
}

std::uint64_t most_retries(const RetryOptions& options, const Attempt& attempt) {
    return is_busy(attempt) ? std::max(options.retries, options.waits) : options.retries;
}

std::optional<Milliseconds> retry_delay(const RetryOptions& options, std::string_view method,
                                        const Attempt& attempt, std::uint32_t random) {
    if (attempt.number > most_retries(options, attempt) || !may_go_again(options, method, attempt)) {
        return std::nullopt;
    }
    const bool exactly = options.waits > 0 && is_busy(attempt);
    const Milliseconds own = base::backoff(attempt.number, random);
    const Milliseconds asked = attempt.retry_after.value_or(own);
    const Milliseconds delay = exactly ? asked : std::max(own, asked);
    const bool too_late =
        options.most ? attempt.elapsed + delay > *options.most : delay > longest_unasked_wait;
    return too_late ? std::nullopt : std::optional(delay);
}

}  // namespace hail::http
