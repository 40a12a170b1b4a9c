// A run of many JSON-RPC calls over HTTP: calls are sent in batches, replies are matched with them, and each
// call gets exactly one outcome.
//
// Truth:   see bulk/scheduler.h; evidence about requests: outcome_rules.h.
// Throws:  whatever the source, the sink and the engine throw.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "lib/base/deadline.h"
#include "lib/base/stop.h"
#include "lib/bulk/record.h"
#include "lib/bulk/summary.h"
#include "lib/http/engine.h"
#include "lib/rpc/reply.h"

namespace hail::batch {

struct Options {
    bulk::RunOptions run{};
    std::size_t max_reply = 64 * 1024 * 1024;  // bytes of one reply; the rest is not kept
    // Called while replies are awaited, again at the latest when the returned time has come; may be empty.
    std::function<base::Deadline()> tick{};
};

// Counts beside the outcomes.
struct Observed {
    std::uint64_t strays = 0;               // replies to ids that were not sent
    std::uint64_t duplicates = 0;           // second replies to the same call
    std::uint64_t notification_errors = 0;  // errors without an id that notifications got
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::map<std::int64_t, std::uint64_t> error_codes{};  // the errors of calls by code; at most 100 codes
    rpc::Quirks quirks{};
    std::optional<std::string> framing_warning{};  // about the first reply that gave cause
};

struct Report {
    bulk::Summary summary;
    Observed observed;
};

// Sends every record of the source, which are requests (record.h), in POSTs like `model`, whose body it fills
// in. Reading stops if nothing arrives any more, if the server is not a JSON-RPC service or refuses
// everything, and at a signal; records that were read but not sent are then reported as such.
Report run(http::Engine& engine, base::Stop& stop, const http::Request& model, bulk::Source& source,
           bulk::Sink& sink, const Options& options);

}  // namespace hail::batch
