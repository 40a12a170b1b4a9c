// hail rest: one REST call.
//
// Throws:  Error(client_error), Error(server_error) and so on for a status that is not a success, after the
//          reply was printed.

#pragma once

#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "cli/rest/options.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"

namespace hail::cli::rest {

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

}  // namespace hail::cli::rest
