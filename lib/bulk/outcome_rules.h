// Rules about an exchange: what it proves about requests that got no reply of their own, and what may be done
// next.
//
// Shape:   pure functions of the observed exchange.
// Source:  the table of outcomes in hail-batch(1), OUTCOMES: a request that may have run is never sent again.

#pragma once

#include <cstddef>
#include <string>

#include "lib/bulk/outcome.h"
#include "lib/http/engine.h"
#include "lib/rpc/batch_match.h"

namespace hail::bulk {

struct Decision {
    enum class Then {
        settle,  // the outcome is final
        resend,  // it did not arrive: try again
        split,   // the server may accept fewer at a time
        stop,    // the others would fail too: do not send them
    };
    Outcome outcome = Outcome::unknown;
    Then then = Then::settle;
    std::string why;
};

// Judges an exchange without a reply that could be matched: no head came, or the body is not JSON-RPC (then
// `problem` says so).
Decision classify(const http::Result& result, std::string_view problem);

// Judges one error that refused all requests of a POST.
Decision classify_refusal(const rpc::ErrorObject& refusal, int status);

// The number of requests that the server accepts at a time, if its refusal says so in words ("batch limit 100
// exceeded"); otherwise half of those refused, at least 1.
std::size_t allowed_by(const rpc::ErrorObject& refusal, std::size_t sent);

}  // namespace hail::bulk
