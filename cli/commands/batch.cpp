#include "cli/commands/batch.h"

#include <algorithm>

#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/output/answers.h"
#include "cli/output/line_file.h"
#include "lib/base/descriptors.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

namespace hail::cli::batch {

namespace {

using base::Error;
using base::Exit;

constexpr options::Range chunk_sizes{1, 100'000};
constexpr options::Range parallel_posts{1, 1'000};
constexpr std::uint64_t usual_retries = 2;

[[noreturn]] void throw_input_error(const input::Calls& calls, const bulk::Summary& summary) {
    throw Error(Exit::bad_input, "reading " + calls.problem(),
                summary.posts == 0 ? "nothing was sent" : "only the calls before it were sent");
}

// Prints the bytes of every POST.
void show(http::Request& post, bulk::Source& source, std::size_t most, output::Console& console,
          const base::Stop& stop) {
    std::uint32_t wire_id = 1;
    for (bool more = true; more;) {
        bulk::Chunk chunk(0);
        while (more && chunk.size() < most) {
            bulk::Source::Item item;
            const bulk::Source::Next next = source.next(item);
            if (next == bulk::Source::Next::item) {
                chunk.add(item.request, item.line);
            } else if (next == bulk::Source::Next::wait) {
                more = stop.wait_readable(source.descriptor());
            } else {
                more = false;
            }
        }
        if (chunk.size() > 0) {
            post.body->clear();
            chunk.append_body(*post.body, 0, chunk.size(), wire_id);
            wire_id += static_cast<std::uint32_t>(chunk.size());
            console.write(json_rpc::shown(post, console) + "\n");
        }
    }
}

void report_summary(const bulk::Summary& summary, const Options& options, output::Console& console) {
    json_rpc::warn_about_quirks(summary.quirks, console);
    if (!summary.stopped_why.empty()) {
        console.say("stopped after line " + std::to_string(summary.last_line) +
                    " of the input: " + summary.stopped_why);
    }
    if (options.summary == SummaryFormat::json) {
        output::write_error(output::summary_json(summary));
    } else {
        console.say(output::summary_text(summary));
    }
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

Exit exit_of(const bulk::Summary& summary, bool strict) {
    Exit exit = Exit::ok;
    if (summary.errors + summary.refused + summary.notification_errors > 0) {
        exit = base::worse(exit, Exit::refused);
    }
    if (strict && (!summary.quirks.empty() || summary.strays + summary.duplicates > 0)) {
        exit = base::worse(exit, Exit::bad_reply);
    }
    if (summary.not_sent > 0) {
        exit = base::worse(exit, Exit::unreachable);
    }
    if (summary.unknown > 0) {
        exit = base::worse(exit, Exit::unknown);
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
    if (options.display.dry_run) {
        show(post, calls, options.chunk, console, stop);
        if (!calls.problem().empty()) {
            throw_input_error(calls, {});
        }
        return stop.raised() == 0 ? Exit::ok : stop.exit();
    }
    output::LineFile failed(options.errors);
    output::LineFile unknown(options.unknown);
    output::Answers answers(console, failed, unknown);
    output::WireTrace trace(console);
    http::EngineOptions engine_options = json_rpc::engine_options(options.endpoint, trace, console);
    options::unlock_key(engine_options.connect.tls, ask);
    engine_options.parallel = connections(options.parallel, console);
    http::Engine engine(engine_options, stop);
    const bulk::RunOptions run_options{.chunk = options.chunk,
                                       .parallel = engine_options.parallel,
                                       .retries = options.endpoint.connection.retries,
                                       .retry_time = options.endpoint.connection.retry_time,
                                       .max_reply = options.endpoint.max_reply,
                                       .order = options.order};
    const bulk::Summary summary = bulk::run(engine, stop, post, calls, answers, run_options);
    failed.finish();
    unknown.finish();
    console.flush();
    if (!summary.stopped_why.empty()) {
        console.keep_part();
    }
    if (summary.bad_input && summary.posts == 0) {
        throw_input_error(calls, summary);
    }
    report_summary(summary, options, console);
    if (stop.raised() != 0) {
        return stop.exit();
    }
    if (summary.bad_input) {
        throw_input_error(calls, summary);
    }
    return exit_of(summary, options.endpoint.strict);
}

}  // namespace hail::cli::batch
