#include "cli/commands/batch.h"

#include <algorithm>

#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/session.h"
#include "cli/output/answers.h"
#include "cli/output/journaled_answers.h"
#include "cli/output/line_file.h"
#include "lib/base/error.h"
#include "lib/base/output_path.h"
#include "lib/base/text.h"
#include "lib/batch/bodies.h"
#include "lib/http/request_cookies.h"

namespace hail::cli::batch {

namespace {

using base::Error;
using base::Exit;
using hail::batch::Report;

constexpr std::uint64_t usual_retries = 2;

// The parts of a run that do not depend on where its output goes.
struct Setup {
    const Options& options;
    const http::Request& post;
    ReportedCalls& calls;
    const options::Ask& ask;
    output::Console& console;
    output::CallProgress& progress;
    base::Stop& stop;
};

Report carry(const Setup& setup, bulk::Sink& sink, bulk::RunOptions run) {
    const Options& options = setup.options;
    run.retries = options.endpoint.connection.retries;
    run.retry_time = options.endpoint.connection.retry_time;
    output::WireTrace trace(setup.console);
    http::EngineOptions engine_options = json_rpc::engine_options(options.endpoint, trace, setup.console);
    options::unlock_key(engine_options.connect.tls, setup.ask);
    engine_options.parallel = run.parallel;
    engine_options.measured = http::Measured::unsuccessful;
    http::Engine engine(engine_options, setup.stop);
    return hail::batch::run(engine, setup.stop, setup.post, setup.calls, sink,
                            {.run = run, .max_reply = options.endpoint.max_reply, .tick = [&setup] {
                                 return setup.progress.tick();
                             }});
}

void report_summary(const Report& report, const Setup& setup) {
    const bulk::Summary& summary = report.summary;
    output::Console& console = setup.console;
    json_rpc::warn_about_quirks(report.observed.quirks, console);
    if (report.observed.framing_warning) {
        console.warn(*report.observed.framing_warning);
    }
    if (summary.cut_short) {
        console.say("stopped after line " + std::to_string(summary.last_line) +
                    " of the input: " + summary.stopped_why);
    }
    if (!summary.stopped_hint.empty()) {
        console.say("hint: " + summary.stopped_hint);
    }
    if (!setup.calls.broken_file().empty()) {
        console.say("the rest of " + setup.calls.broken_file() + " was not read");
    }
    if (setup.options.summary == SummaryFormat::json) {
        output::write_error(output::summary_json(report), &setup.stop);
    } else {
        console.say(output::summary_text(report));
    }
}

bool is_complete(const Report& report, const Setup& setup) {
    return !report.summary.cut_short && report.summary.left == 0 && setup.calls.broken_file().empty();
}

Report run_once(const Setup& setup, const bulk::RunOptions& run) {
    output::LineFile failed(setup.options.errors);
    output::LineFile unknown(setup.options.unknown);
    output::Answers answers(setup.console, setup.options.as, failed, unknown, setup.progress);
    Report report = carry(setup, answers, run);
    answers.end();
    failed.finish();
    unknown.finish();
    setup.console.flush();
    if (!is_complete(report, setup)) {
        setup.console.keep_part();
    }
    report_summary(report, setup);
    return report;
}

Report report_of(const bulk::Journal& journal) {
    Report report;
    bulk::Summary& summary = report.summary;
    summary.ok = journal.count(bulk::Outcome::ok);
    summary.errors = journal.count(bulk::Outcome::error);
    summary.not_sent = summary.faulty = journal.count(bulk::Outcome::not_sent);
    summary.refused = journal.count(bulk::Outcome::refused);
    summary.unknown = journal.count(bulk::Outcome::unknown);
    return report;
}

// A run that continues where earlier runs of the same command ended.
Report run_on(const Setup& setup, bulk::RunOptions run) {
    const Options& options = setup.options;
    if (options.display.output == "-" || base::is_written_in_place(options.display.output)) {
        throw Error(Exit::usage,
                    "--journal with -o " + base::one_line(options.display.output) + ": it is not a file",
                    "only a file can be continued");
    }
    const std::string identity =
        base::join(std::vector{setup.post.url, base::opened_file(options.display.output),
                               base::opened_file(options.errors), base::opened_file(options.unknown)},
                   "\n");
    bulk::Journal journal(options.bulk.journal, identity, options.bulk.durability());
    output::JournaledAnswers answers(
        {.output = options.display.output, .failed = options.errors, .unknown = options.unknown}, options.as,
        journal, options.bulk.durability(), setup.progress);
    if (journal.is_complete()) {
        setup.console.say("the journal says that this run is complete; nothing was sent");
        answers.end(output::JournaledAnswers::End::complete);
        return report_of(journal);
    }
    run.journal = &journal;
    run.flush_interval = base::Milliseconds(0);  // a crash loses the outcomes that were not written
    Report report = carry(setup, answers, run);
    const bool complete = is_complete(report, setup);
    answers.end(complete ? output::JournaledAnswers::End::complete : output::JournaledAnswers::End::left);
    report_summary(report, setup);
    if (!complete) {
        setup.console.say("the same command continues this run");
    }
    return report;
}

input::CallsOptions calls_options(const Options& options) {
    input::CallsOptions calls = options.input.calls;
    calls.repeatable = options.idempotent ? std::vector<std::string>{"*"} : options.idempotent_methods;
    return calls;
}

}  // namespace

output::Display Options::console_display() const {
    output::Display shown = display;
    if (!bulk.journal.empty() && !display.dry_run) {
        shown.output.clear();
    }
    return shown;
}

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Makes many JSON-RPC calls from files or stdin, several in one POST and several POSTs at a time, and "
        "prints one line for each call. Every call has exactly one outcome: ok, error, not-sent, refused or "
        "unknown. A call that may have been executed is never sent again, unless --idempotent allows it.");
    parser.examples(
        "  hail batch localhost:6800/jsonrpc calls.ndjson\n"
        "  hail batch localhost:8545 --chunk 100 --parallel 8 --unknown again.ndjson < calls.json\n"
        "  jq -c '[.address,\"latest\"]' users.json | hail batch localhost:8545 --method eth_getBalance\n"
        "  hail batch localhost:8545 --csv users.csv --method eth_getBalance --params '[\"{address}\"]'\n"
        "  hail batch localhost:8545 calls.ndjson -o replies.ndjson --journal run.journal\n");
    parser.argument("ADDRESS", options.endpoint.address, "The address of the service");
    declare_input(parser, options.input);
    options::Group group(parser, "Batch options");
    options::declare_bulk(group, options.bulk);
    parser.rules().needs("journal", {"output"});
    parser.rules().needs("durable", {"journal"});
    parser.rules().at_most_one({"fail-fast", "max-errors"});
    group.flag("--idempotent", options.idempotent,
               "Send a call again whose outcome is unknown: every call may be executed twice without harm");
    group.list("--idempotent-method", options.idempotent_methods, "GLOB",
               "The same for calls of the methods that match GLOB, such as 'eth_get*'");
    group.text("--errors", options.errors, "FILE",
               "Write the calls that did not succeed to FILE, in a form that can be used as input again");
    group.text("--unknown", options.unknown, "FILE",
               "Write the calls that may have been executed, but got no reply, to FILE");
    group.choice<output::As>(
        "--as", options.as,
        {{"ndjson", output::As::ndjson}, {"array", output::As::array}, {"result", output::As::result}},
        "Print one JSON object on each line, one JSON array, or the results alone (default ndjson)");
    group.choice<SummaryFormat>("--summary", options.summary,
                                {{"text", SummaryFormat::text}, {"json", SummaryFormat::json}},
                                "Print the summary on stderr as text or as JSON (default text)");
    options.endpoint.connection.retries = usual_retries;
    json_rpc::declare_endpoint(parser, options.endpoint, options::Digits::are_options);
    options::declare_authentication(parser, options.endpoint.connection);
    options::declare_display(parser, options.display);
}

Exit exit_of(const Report& report, bool strict) {
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
    if (strict && (!observed.quirks.breaches().empty() || observed.strays + observed.duplicates > 0)) {
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

namespace {

// The answer to a Digest challenge may be valid only on the connection that gave it.
bulk::RunOptions run_options(const Options& options, const http::Request& post, output::Console& console) {
    bulk::RunOptions run = options::run_options(options.bulk, console);
    if (post.credentials.kind == http::Credentials::Kind::digest) {
        if (options.bulk.parallel != 1 && options.bulk.parallel != bulk::RunOptions().parallel) {
            console.warn("--parallel is lowered to 1, because --auth digest needs a connection of its own");
        }
        run.parallel = 1;
    }
    return run;
}

}  // namespace

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    check_input_options(options.input);
    const options::Ask ask = options::ask_on_terminal(stop);
    hail::rest::Session session = json_rpc::open_session(options.endpoint, console);
    http::Request post = json_rpc::make_post(options.endpoint, ask, session, console);
    http::add_cookies(post, session.cookies());
    input::Calls all_calls(calls_options(options));
    if (options.input.strict) {
        check_whole_input(all_calls, console, stop);
    }
    ReportedCalls calls(all_calls, console);
    const bulk::RunOptions run = run_options(options, post, console);
    if (options.display.dry_run) {
        hail::batch::Bodies bodies(calls, run, stop);
        while (bodies.next(*post.body)) {
            console.write(json_rpc::shown(post, console) + "\n");
        }
        const Exit end = calls.faults() > 0 ? Exit::bad_input : Exit::ok;
        return stop.raised() == 0 ? end : stop.exit();
    }
    output::CallProgress progress(console, [&calls] { return calls.share_read(); });
    const Setup setup{options, post, calls, ask, console, progress, stop};
    const Report report = options.bulk.journal.empty() ? run_once(setup, run) : run_on(setup, run);
    return stop.raised() != 0 ? stop.exit() : exit_of(report, options.endpoint.strict);
}

}  // namespace hail::cli::batch
