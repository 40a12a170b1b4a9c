// The call that is printed instead of sent: --dry-run and --curl.
//
// Throws:  what Console::write() throws.

#pragma once

#include "cli/output/console.h"
#include "cli/rest/inputs.h"
#include "cli/rest/options.h"
#include "lib/http/call.h"
#include "lib/http/message.h"
#include "lib/net/connect_options.h"
#include "lib/rest/download.h"

namespace hail::cli::rest {

// Adds the headers that sending would add, so that the printed request is the one that would go out.
void complete(http::Request& request, const http::CallOptions& call,
              const hail::rest::DownloadOptions* download, output::Console& console);

// Prints the call as a curl line for --curl, else as its bytes.
void print_unsent(const http::Request& request, const ViewOptions& options, const Inputs& inputs,
                  const net::ConnectOptions& connect, output::Console& console);

}  // namespace hail::cli::rest
