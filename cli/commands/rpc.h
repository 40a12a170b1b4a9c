#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/json_rpc.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"

// hail rpc: one JSON-RPC call or notification.

namespace hail::cli::rpc {

struct Options {
    json_rpc::Endpoint endpoint;
    output::Display display;
    std::string method;
    std::vector<std::string> params;
    std::optional<std::string> whole_params;  // of --params
    std::string id = "1";
    bool notify = false;
    bool whole_reply = false;
    bool raw_string = false;
};

void declare(options::Parser& parser, Options& options);

// The bytes of the request; a signal ends the reading of params.
// Throws: Error(usage) for params or an id that are none, Error(no_input) for a file of params that cannot be read.
std::string plan(const Options& options, const base::Stop& stop);

base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

}  // namespace hail::cli::rpc
