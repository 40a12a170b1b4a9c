#include "cli/commands/batch_input.h"

#include <string>

#include "cli/options/group.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::batch {

namespace {

using base::Error;
using base::Exit;

constexpr std::uint64_t most_reported = 10;

}  // namespace

void declare_input(options::Parser& parser, InputOptions& options) {
    parser.arguments(
        "FILE", options.calls.files,
        "Calls as NDJSON, concatenated JSON, one JSON array, or lines 'method param...'; - or no "
        "FILE means stdin");
    options::Group group(parser, "Input options");
    group.text("--method", options.calls.method, "NAME",
               "Call this method with each of the params in the input (default: each call names its own)");
    group.choice<input::CallsForm>("--from", options.calls.form,
                                   {{"auto", input::CallsForm::detect},
                                    {"json", input::CallsForm::json},
                                    {"lines", input::CallsForm::lines}},
                                   "Read the input as JSON, or as lines of a method and its params (default "
                                   "auto: JSON if it begins with [ or {)");
    group.text(
        "--csv", options.calls.table, "FILE",
        "Make a call of --method from each record of this table, whose first line names the columns; - "
        "means stdin");
    group.text(
        "--params", options.calls.params, "JSON",
        "The params of these calls: \"{name}\" is the text of a column, \"{name:json}\" its JSON, and {{ "
        "a brace; @FILE reads them");
    group.flag("--add-ids", options.calls.add_ids,
               "Give each call without an id its place in the input as id, so that it gets a reply (default: "
               "it is a notification)");
    group.flag(
        "--strict-input", options.strict,
        "Check the whole input first, and send nothing if any record of it is not valid (default: send "
        "the others)");
    parser.rules().needs("csv", {"method"});
    parser.rules().needs("csv", {"params"});
    parser.rules().needs("params", {"csv"});
    parser.rules().at_most_one({"csv", "from"});
}

void check_input_options(const InputOptions& options) {
    const input::CallsOptions& calls = options.calls;
    if (!base::is_utf8(calls.method)) {
        throw Error(Exit::usage, "option --method: '" + base::one_line(calls.method) + "' is not UTF-8",
                    "a JSON string cannot hold other bytes");
    }
    if (!calls.table.empty() && !calls.files.empty()) {
        throw Error(Exit::usage, "option --csv excludes FILE", "the table is the input");
    }
}

bulk::Source::Next ReportedCalls::next(bulk::Record& record) {
    const Next next = calls_.next(record);
    if (next == Next::record && !record.fault.empty()) {
        ++faults_;
        if (faults_ <= most_reported) {
            console_.say("bad record: " + std::string(record.fault));
        } else if (faults_ == most_reported + 1) {
            console_.say("there are more bad records; the output names each of them");
        }
    }
    return next;
}

void check_whole_input(input::Calls& calls, output::Console& console, const base::Stop& stop) {
    calls.keep(stop);
    ReportedCalls reported(calls, console);
    bulk::Record record;
    for (auto next = reported.next(record); next != bulk::Source::Next::end; next = reported.next(record)) {
        if (next == bulk::Source::Next::wait) {
            stop.wait_readable(calls.descriptor());
        }
        if (stop.raised() != 0) {
            throw Error(stop.exit(), "checking the input: stopped by a signal, nothing was sent");
        }
    }
    if (reported.faults() > 0) {
        const std::string count = std::to_string(reported.faults());
        throw Error(Exit::bad_input,
                    "checking the input: " + count +
                        (reported.faults() == 1 ? " record is" : " records are") + " not valid",
                    "nothing was sent");
    }
    calls.rewind();
}

}  // namespace hail::cli::batch
