// Rules about an exchange: what it proves about requests that got no reply of their own, and what may be done
// next.
//
// Shape:   pure functions of the observed exchange.
// Source:  the table of outcomes in hail-batch(1), OUTCOMES: a request that may have run is never sent again.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/deadline.h"
#include "lib/bulk/verdict.h"
#include "lib/http/engine.h"
#include "lib/rpc/reply.h"

namespace hail::batch {

// Judges an exchange of this many requests without a reply that could be matched: no head came, or the body
// is not JSON-RPC (then `problem` says so).
bulk::Verdict judge_exchange(const http::Result& result, std::string_view problem, std::size_t requests);

// Judges one error that refused all of this many requests of a POST.
bulk::Verdict judge_refusal(const rpc::ErrorObject& refusal, const http::ReplyHead& head,
                            std::size_t requests);

// Judges the error of one call among this many, in a reply with this status.
struct CallError {
    bulk::Outcome outcome = bulk::Outcome::error;
    bulk::Then then = bulk::Then::settle;
    bool too_fast = false;  // the rate of calls was refused
};
CallError judge_error(const rpc::ErrorObject& error, int status, std::size_t requests);

// The number of requests that the server accepts at a time, if its refusal says so ("batch limit 100
// exceeded", "batch requests are not supported") or speaks of the size without a number: then half. 0: it is
// not about size.
std::size_t accepted_at_a_time(const rpc::ErrorObject& refusal, std::size_t sent);

// The pause that an error asks for: the member "backoff_seconds" of its data, or the Retry-After of a 429.
std::optional<base::Milliseconds> asked_pause(const rpc::ErrorObject& error, const http::ReplyHead& head);

}  // namespace hail::batch
