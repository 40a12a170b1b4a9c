// What an exchange proves about the requests in it that got no reply of their own, and what may be done next.
//
// Shape:   pure functions of what was seen.
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
        settle,  // this is how it ended
        resend,  // it did not arrive: try again
        split,   // fewer at a time might do
        stop,    // none of the others can fare better: do not send them
    };
    Outcome outcome = Outcome::unknown;
    Then then = Then::settle;
    std::string why;
};

// Of an exchange without a reply that could be matched: no head came, or its body is not JSON-RPC (then
// `problem` says so).
Decision classify(const http::Result& result, std::string_view problem);

// Of one error that refused all requests of a POST.
Decision classify_refusal(const rpc::ErrorObject& refusal, int status);

// How many requests the server takes at a time, as far as its refusal says so in words ("batch limit 100
// exceeded"); else half of what it refused, at least 1.
std::size_t allowed_by(const rpc::ErrorObject& refusal, std::size_t sent);

}  // namespace hail::bulk
