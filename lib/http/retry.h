// Decides whether and when a request is sent again, as a pure function of what has happened so far.
//
// Shape:   a request of which nothing was sent may always be sent again. A request that was sent, even in
//          part, is repeated only if this does no harm (because of its method or an idempotency key), and
//          either no reply had begun, or the receiver can resume, or the reply was 408, 429, 502, 503 or 504.
//          The delay doubles from 1 s to 30 s, half of it random; Retry-After makes it longer, never shorter.
//          A busy server (429, or 503 with a Retry-After) may be retried more often than other failures, and
//          then after exactly the time that it asks for. No delay: give up.
// Throws:  nothing.
// Source:  RFC 9110 9.2.1 (safe methods), 9.2.2 (idempotent methods), 10.2.3 (Retry-After); RFC 6585 (429).

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/http/date.h"
#include "lib/http/engine.h"

namespace hail::http {

struct RetryOptions {
    std::uint64_t retries = 0;               // the most attempts after the first
    std::uint64_t waits = 0;                 // the same for a busy server, if larger
    std::optional<base::Milliseconds> most;  // for all attempts and waits together; none: no limit
    bool keyed = false;                      // the request carries an idempotency key
    bool refusals = false;  // 429 proves that the request was not executed, whatever its method
};

// How the last attempt ended.
struct Attempt {
    std::uint64_t number = 1;           // attempts made so far
    std::optional<base::Exit> failure;  // none: a complete reply arrived
    Sent sent = Sent::wholly;
    int status = 0;        // 0: no reply had begun
    bool resumes = false;  // another reply may follow a truncated one
    std::optional<base::Milliseconds> retry_after;
    base::Milliseconds elapsed{};  // since the first attempt began
};

// If no limit is set, a Retry-After longer than this counts as a refusal.
constexpr base::Milliseconds longest_unasked_wait{600'000};

bool is_idempotent(std::string_view method);
bool is_safe(std::string_view method);  // it changes nothing on the server

// Parses a Retry-After: seconds or a date; a past date is 0.
std::optional<base::Milliseconds> parse_retry_after(std::string_view value, Time now);

// The most retries allowed after an attempt that ended like this.
std::uint64_t most_retries(const RetryOptions& options, const Attempt& attempt);

// The delay before the next attempt; `random` is uniformly distributed.
std::optional<base::Milliseconds> retry_delay(const RetryOptions& options, std::string_view method,
                                              const Attempt& attempt, std::uint32_t random);

}  // namespace hail::http
