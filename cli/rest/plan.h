// The plan of a call: the request to send, and the handling of its replies. Pure: it uses no terminal, clock
// or network.
//
// Throws:  Error(usage) for a request that cannot be sent as meant, and for paths and expectations that are
//          not valid.
// Source:  hail-rest(1).

#pragma once

#include <optional>

#include "cli/rest/inputs.h"
#include "cli/rest/options.h"
#include "cli/rest/views.h"
#include "lib/http/message.h"
#include "lib/rest/page_walk.h"
#include "lib/rest/repeat.h"
#include "lib/rest/verdict.h"

namespace hail::cli::rest {

http::Request plan_request(const RequestOptions& options, const Inputs& inputs);

// The kinds of handling exclude one another; until, walk, or neither.
struct Handling {
    View view;
    hail::rest::Terms terms;
    hail::rest::Expectations until;  // empty: the call is not repeated
    hail::rest::RepeatOptions repeat;
    std::optional<hail::rest::WalkOptions> walk;  // read page by page

    // Otherwise the reply is shown as it arrives, and an event stream may last forever.
    bool needs_whole_reply() const;
};

Handling plan_handling(const Options& options);

}  // namespace hail::cli::rest
