// Performs a planned call: once, until its reply is as expected, page by page, or as a download.
//
// Throws:  Error with the exit status of the first failure, after the reply was shown.

#pragma once

#include "cli/output/console.h"
#include "cli/rest/options.h"
#include "cli/rest/plan.h"
#include "lib/base/stop.h"
#include "lib/http/message.h"
#include "lib/rest/download.h"
#include "lib/rest/reply.h"

namespace hail::cli::rest {

struct Run {
    const http::Request& request;
    const hail::rest::Send& send;
    const base::Stop& stop;
    output::Console& console;
};

void perform(const Run& run, const Handling& handling);

// Saves the body of the reply. A reply that is not a success is printed like any other.
void perform_download(const Run& run, const hail::rest::DownloadOptions& options);

}  // namespace hail::cli::rest
