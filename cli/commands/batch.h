// hail batch: many JSON-RPC calls from files or stdin.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/commands/json_rpc.h"
#include "cli/input/calls.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/bulk/run.h"

namespace hail::cli::batch {

enum class SummaryFormat { text, json };

struct Options {
    json_rpc::Endpoint endpoint;
    output::Display display;
    std::vector<std::string> files;
    std::string method;
    input::CallsForm form = input::CallsForm::detect;
    std::uint64_t chunk = 20;
    std::uint64_t parallel = 4;
    bulk::Order order = bulk::Order::input;
    std::string errors;   // a file for requests that did not succeed; empty: none
    std::string unknown;  // a file for requests that may have been executed; empty: none
    SummaryFormat summary = SummaryFormat::text;
};

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

// The exit status of a completed run: the most serious one among its outcomes.
base::Exit exit_of(const bulk::Summary& summary, bool strict);

}  // namespace hail::cli::batch
