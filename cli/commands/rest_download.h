#pragma once

#include "cli/commands/rest.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/http/call.h"

// hail rest --download: the reply's body as a file, which is whole or not there.
//
// Throws:  Error(client_error) and its like for a status that is no success, whose body goes where it usually goes.

namespace hail::cli::rest {

struct DownloadCall {
    const Options& options;
    const http::Request& request;
    const http::CallOptions& call;
    http::CallEvents& narrator;
};

base::Exit download(const DownloadCall& what, output::Console& console, base::Stop& stop);

// What the request of a download asks for besides: the bytes as they are, and only the missing ones.
void prepare_download(http::Request& request, const Options& options, output::Console& console);

}  // namespace hail::cli::rest
