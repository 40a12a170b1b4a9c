// hail rpc: one JSON-RPC call or notification, and the methods that a service has.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/json_rpc.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/deadline.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"

namespace hail::cli::rpc {

struct Options {
    json_rpc::Endpoint endpoint;
    output::Display display;
    std::optional<std::string> method;
    std::vector<std::string> params;
    std::optional<std::string> whole_params;  // the value of --params
    std::vector<std::string> members;         // name=TEXT, name:=JSON
    std::string id = "1";
    bool notify = false;
    bool whole_reply = false;
    bool raw_string = false;
    std::optional<std::string> pick;  // a path
    std::vector<std::string> expect;
    std::optional<base::Milliseconds> wait_server;
    std::optional<std::string> retry_on;  // codes, separated by commas
    bool list = false;
    bool cached = false;
    std::optional<std::string> describe;  // a method
};

void declare(options::Parser& parser, Options& options);

// The bytes of the request. A signal ends the reading of params.
// Throws: Error(usage) for params or an id that are not valid, Error(no_input) for a file of params that
//         cannot be read.
std::string plan(const Options& options, const base::Stop& stop);

base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

}  // namespace hail::cli::rpc
