// repeat() makes a call again and again until its reply is as expected: --until.
//
// Shape:   a failed exchange is repeated if nothing was sent, or if the method is idempotent.
// Throws:  Error for a failure that must not be repeated; Error(interrupted or terminated) after a signal.

#pragma once

#include <cstdint>
#include <optional>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/stop.h"
#include "lib/http/body_collector.h"
#include "lib/rest/expectation.h"
#include "lib/rest/reply.h"
#include "lib/rest/sink.h"

namespace hail::rest {

struct RepeatOptions {
    base::Milliseconds every{2'000};          // from the end of one call to the next
    std::optional<base::Milliseconds> limit;  // for all calls together; nothing: no limit
    std::uint64_t max_reply = http::usual_max_reply;
};

struct Repeated {
    Reply reply;  // the last one
    // Nothing if the reply is as expected; else Error(unexpected), because repeating ended before that.
    std::optional<base::Error> problem;
};

Repeated repeat(const Send& send, const http::Request& request, const Expectations& until,
                const RepeatOptions& options, const base::Stop& stop, Sink& sink);

}  // namespace hail::rest
