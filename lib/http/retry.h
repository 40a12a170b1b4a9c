// Whether and when a request is sent again, as a pure function of what happened so far.
//
// Shape:   a request of which nothing was sent may always go again. One that went out goes again only if
//          twice is as good as once (by its method, or by an idempotency key), and either no reply had begun,
//          or whoever takes it can resume, or the reply was 408, 429, 502, 503 or 504. The delay doubles from
//          1 s to 30 s, its second half at random; Retry-After makes it longer, never shorter. A busy server,
//          one that said 429, or 503 with a Retry-After, may be waited for more often than other failures,
//          and then for exactly as long as it asks. No delay: give up.
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
    std::uint64_t retries = 0;               // after the first attempt, at most
    std::uint64_t waits = 0;                 // the same for a busy server, if it is more
    std::optional<base::Milliseconds> most;  // for all attempts and waits together; none: no limit
    bool keyed = false;                      // the request carries an idempotency key
    bool refusals = false;  // 429 is taken for proof that nothing was executed, for any method
};

// How the last attempt ended.
struct Attempt {
    std::uint64_t number = 1;           // of attempts made
    std::optional<base::Exit> failure;  // none: a whole reply came
    Sent sent = Sent::wholly;
    int status = 0;        // 0: no reply had begun
    bool resumes = false;  // a reply that broke may be followed by another
    std::optional<base::Milliseconds> retry_after;
    base::Milliseconds elapsed{};  // since the first attempt began
};

// A server that asks for a longer wait than this, and no limit is set, is taken to have said no.
constexpr base::Milliseconds longest_unasked_wait{600'000};

bool is_idempotent(std::string_view method);
bool is_safe(std::string_view method);  // it asks, and changes nothing

// Of a Retry-After: seconds or a date; a past date is 0.
std::optional<base::Milliseconds> parse_retry_after(std::string_view value, Time now);

// After how many retries this is the end.
std::uint64_t most_retries(const RetryOptions& options, const Attempt& attempt);

// The wait before the next attempt; random is any number, evenly spread.
std::optional<base::Milliseconds> retry_delay(const RetryOptions& options, std::string_view method,
                                              const Attempt& attempt, std::uint32_t random);

}  // namespace hail::http
