// Warnings about replies that break the specification of JSON-RPC.
//
// Throws:  nothing.

#pragma once

#include <string>

#include "cli/output/console.h"
#include "lib/rpc/reply.h"

namespace hail::cli::output {

// Warns about each quirk that deserves it.
void warn_about_quirks(hail::rpc::Quirks quirks, Console& console);

// The faults of a reply, for --strict: "it has no id, its error is not an object".
std::string describe_quirks(hail::rpc::Quirks quirks);

}  // namespace hail::cli::output
