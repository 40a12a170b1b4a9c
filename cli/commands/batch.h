// hail batch: many JSON-RPC calls from files or stdin.

#pragma once

#include <string>
#include <vector>

#include "cli/commands/batch_input.h"
#include "cli/commands/json_rpc.h"
#include "cli/options/bulk.h"
#include "cli/options/parser.h"
#include "cli/output/answers.h"
#include "cli/output/console.h"
#include "lib/base/exit.h"
#include "lib/base/stop.h"
#include "lib/batch/run.h"

namespace hail::cli::batch {

enum class SummaryFormat { text, json };

struct Options {
    json_rpc::Endpoint endpoint;
    output::Display display;
    options::Bulk bulk;
    InputOptions input;
    bool idempotent = false;
    std::vector<std::string> idempotent_methods;  // patterns of glob(7)
    std::string errors;                           // a file for requests that did not succeed; empty: none
    std::string unknown;  // a file for requests that may have been executed; empty: none
    output::As as = output::As::ndjson;
    SummaryFormat summary = SummaryFormat::text;

    // With a journal, the output is continued, which the console cannot do.
    output::Display console_display() const;
};

void declare(options::Parser& parser, Options& options);
base::Exit run(const Options& options, output::Console& console, base::Stop& stop);

// The exit status of a run: that of the failure that stopped it, or the most serious one among its outcomes.
base::Exit exit_of(const hail::batch::Report& report, bool strict);

}  // namespace hail::cli::batch
