#include "cli/commands/batch.h"

#include <algorithm>
#include <utility>

#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/output/answers.h"
#include "cli/output/line_file.h"
#include "lib/base/descriptors.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/batch/record.h"
#include "lib/bulk/shipment.h"

namespace hail::cli::batch {

namespace {

using base::Error;
using base::Exit;

constexpr options::Range chunk_sizes{1, 100'000};
constexpr options::Range parallel_posts{1, 1'000};
constexpr std::uint64_t usual_retries = 2;

// Reads calls until the chunk is full or there is nothing more.
bool fill(bulk::Chunk& chunk, bulk::Source& source, std::size_t most, const base::Stop& stop) {
    while (chunk.size() < most) {
        bulk::Record record;
        switch (source.next(record)) {
            case bulk::Source::Next::record:
                if (!record.fault.empty()) {
                    throw Error(Exit::bad_input, "reading " + std::string(record.fault), "nothing was sent");
                }
                chunk.add(record, 0);
                break;
            case bulk::Source::Next::wait:
                if (!stop.wait_readable(source.descriptor())) {
                    return false;
                }
                break;
            case bulk::Source::Next::end:
                return false;
        }
    }
    return true;
}

// Prints the bytes of every POST.
void show(http::Request& post, bulk::Source& source, std::size_t most, output::Console& console,
          const base::Stop& stop) {
    std::uint32_t wire_id = 1;
    for (bool more = true; more;) {
        bulk::Chunks chunks(1);
        more = fill(chunks.front(), source, most, stop);
        if (const std::size_t size = chunks.front().size(); size > 0) {
            post.body->clear();
            hail::batch::append_body(*post.body, {.chunk = chunks.begin(), .to = size}, wire_id);
            wire_id += static_cast<std::uint32_t>(size);
            console.write(json_rpc::shown(post, console) + "\n");
        }
    }
}

void report_summary(const hail::batch::Report& report, const Options& options, output::Console& console) {
    const bulk::Summary& summary = report.summary;
    json_rpc::warn_about_quirks(report.observed.quirks, console);
    if (summary.cut_short) {
        console.say("stopped after line " + std::to_string(summary.last_line) +
                    " of the input: " + summary.stopped_why);
    }
    if (!summary.stopped_hint.empty()) {
        console.say("hint: " + summary.stopped_hint);
    }
    if (options.summary == SummaryFormat::json) {
        output::write_error(output::summary_json(report));
    } else {
        console.say(output::summary_text(report));
    }
}

// "50/s" and "50" are calls a second; "3000/m" and "5/h" are fewer.
double parse_rate(const std::string& text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string unit = text.substr(slash);
    const double seconds = unit == "/m" ? 60 : unit == "/h" ? 3600 : 1;
    const auto number = base::parse_number(text.substr(0, slash));
    if (!number || *number == 0 || (unit != "" && unit != "/s" && unit != "/m" && unit != "/h")) {
        throw Error(Exit::usage, "option --rate: '" + base::one_line(text) + "' is not a rate",
                    "write 50/s, 3000/m or auto");
    }
    return static_cast<double>(*number) / seconds;
}

bulk::FailureLimit failure_limit(const Options& options) {
    if (options.fail_fast) {
        return {.count = 0};
    }
    if (options.max_errors.empty()) {
        return {};
    }
    const bool share = options.max_errors.ends_with('%');
    const auto number =
        base::parse_number(options.max_errors.substr(0, options.max_errors.size() - (share ? 1 : 0)));
    if (!number || (share && *number > 100)) {
        throw Error(Exit::usage,
                    "option --max-errors: '" + base::one_line(options.max_errors) + "' is not a limit",
                    "write a number of calls, such as 10, or a share of them, such as 5%");
    }
    return share ? bulk::FailureLimit{.percent = static_cast<double>(*number)}
                 : bulk::FailureLimit{.count = *number};
}

// Each connection takes a descriptor, and so do the files and the name resolution.
unsigned connections(std::uint64_t wanted, output::Console& console) {
    constexpr std::size_t others = 8;
    const std::size_t free = base::free_descriptors();
    const std::uint64_t possible = free > others ? free - others : 1;
    if (wanted > possible) {
        console.warn("--parallel is lowered to " + std::to_string(possible) +
                     ": the limit of open files allows no more; raise it with ulimit -n");
    }
    return static_cast<unsigned>(std::min(wanted, possible));
}

}  // namespace

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Makes many JSON-RPC calls from files or stdin, several in one POST and several POSTs at a time, and "
        "prints one line for each call. Every call has exactly one outcome: ok, error, not-sent, refused or "
        "unknown. A call that may have been executed is never sent again.");
    parser.examples(
        "  hail batch localhost:6800/jsonrpc calls.ndjson\n"
        "  hail batch localhost:8545 --chunk 100 --parallel 8 --unknown again.ndjson < calls.json\n"
        "  jq -c '[.address,\"latest\"]' users.json | hail batch localhost:8545 --method eth_getBalance\n");
    parser.argument("ADDRESS", options.endpoint.address, "The address of the service");
    parser.arguments(
        "FILE", options.files,
        "Requests as NDJSON, concatenated JSON, one JSON array, or lines 'method param...'; - or no FILE "
        "means stdin");
    options::Group group(parser, "Batch options");
    group.text("--method", options.method, "NAME", "Call this method with each of the params in the input");
    group.choice<input::CallsForm>("--from", options.form,
                                   {{"auto", input::CallsForm::detect},
                                    {"json", input::CallsForm::json},
                                    {"lines", input::CallsForm::lines}},
                                   "Read the input as JSON, or as lines of a method and its params (default "
                                   "auto: JSON if it begins with [ or {)");
    group.number("--chunk", options.chunk,
                 "Send at most N calls in one POST (default " + std::to_string(options.chunk) + ")",
                 "HAIL_CHUNK", chunk_sizes);
    group.number("--parallel", options.parallel,
                 "Send at most N POSTs at a time (default " + std::to_string(options.parallel) + ")",
                 "HAIL_PARALLEL", parallel_posts);
    group.text(
        "--rate", options.rate, "RATE",
        "Send at most so many calls a second, such as 50/s or 3000/m; auto finds out how many the server "
        "accepts (default: no limit)");
    group.flag("--idempotent", options.idempotent,
               "Send a call again whose outcome is unknown: every call may be executed twice without harm");
    group.list("--idempotent-method", options.idempotent_methods, "GLOB",
               "The same for calls of the methods that match GLOB, such as 'eth_get*'");
    group.flag("--fail-fast", options.fail_fast, "Stop at the first call that does not succeed");
    group.text(
        "--max-errors", options.max_errors, "N|P%",
        "Stop when more than N calls, or P percent of at least 100, did not succeed (default: no limit)");
    group.choice<bulk::Order>(
        "--order", options.order, {{"input", bulk::Order::input}, {"done", bulk::Order::done}},
        "Print lines in the order of the input, or as the replies arrive (default input)");
    group.text("--errors", options.errors, "FILE",
               "Write the requests that did not succeed to FILE, in a form that can be used as input again");
    group.text("--unknown", options.unknown, "FILE",
               "Write the requests that may have been executed, but got no reply, to FILE");
    group.choice<SummaryFormat>("--summary", options.summary,
                                {{"text", SummaryFormat::text}, {"json", SummaryFormat::json}},
                                "Print the summary on stderr as text or as JSON (default text)");
    options.endpoint.connection.retries = usual_retries;
    json_rpc::declare_endpoint(parser, options.endpoint, options::Digits::are_options);
    options::declare_display(parser, options.display);
}

bulk::RunOptions plan(const Options& options) {
    bulk::RunOptions run;
    run.chunk = options.chunk;
    run.adapts_rate = options.rate == "auto";
    run.rate = options.rate.empty() || run.adapts_rate ? 0 : parse_rate(options.rate);
    run.retries = options.endpoint.connection.retries;
    run.retry_time = options.endpoint.connection.retry_time;
    run.failures = failure_limit(options);
    run.order = options.order;
    return run;
}

Exit exit_of(const hail::batch::Report& report, bool strict) {
    const bulk::Summary& summary = report.summary;
    const hail::batch::Observed& observed = report.observed;
    if (summary.stopped_exit != Exit::ok &&
        (summary.unknown == 0 || (summary.cut_short && summary.never_worked))) {
        return summary.stopped_exit;
    }
    // From the least serious to the most serious.
    Exit exit = Exit::ok;
    if (summary.errors + summary.refused + observed.notification_errors > 0) {
        exit = Exit::refused;
    }
    if (summary.faulty > 0) {
        exit = Exit::bad_input;
    }
    if (strict && (!observed.quirks.empty() || observed.strays + observed.duplicates > 0)) {
        exit = Exit::bad_reply;
    }
    if (summary.not_sent > summary.faulty && summary.stopped_why.empty()) {
        exit = Exit::unreachable;
    }
    if (summary.unknown > 0) {
        exit = Exit::unknown;
    }
    return exit;
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    if (!base::is_utf8(options.method)) {
        throw Error(Exit::usage, "option --method: '" + base::one_line(options.method) + "' is not UTF-8",
                    "a JSON string cannot hold other bytes");
    }
    const options::Ask ask = options::ask_on_terminal(stop);
    http::Request post = json_rpc::make_post(options.endpoint, ask);
    input::Calls calls(options.files, options.method, options.form);
    calls.may_run_twice(options.idempotent ? std::vector<std::string>{"*"} : options.idempotent_methods);
    if (options.display.dry_run) {
        show(post, calls, options.chunk, console, stop);
        return stop.raised() == 0 ? Exit::ok : stop.exit();
    }
    hail::batch::Options run_options{.run = plan(options), .max_reply = options.endpoint.max_reply};
    output::LineFile failed(options.errors);
    output::LineFile unknown(options.unknown);
    output::Answers answers(console, failed, unknown);
    output::WireTrace trace(console);
    http::EngineOptions engine_options = json_rpc::engine_options(options.endpoint, trace, console);
    options::unlock_key(engine_options.connect.tls, ask);
    engine_options.parallel = run_options.run.parallel = connections(options.parallel, console);
    http::Engine engine(engine_options, stop);
    const hail::batch::Report report = hail::batch::run(engine, stop, post, calls, answers, run_options);
    failed.finish();
    unknown.finish();
    console.flush();
    if (report.summary.cut_short || !calls.problem().empty()) {
        console.keep_part();
    }
    report_summary(report, options, console);
    if (!calls.problem().empty()) {
        console.say("the rest of the input was not read: " + calls.problem());
    }
    return stop.raised() != 0 ? stop.exit() : exit_of(report, options.endpoint.strict);
}

}  // namespace hail::cli::batch
