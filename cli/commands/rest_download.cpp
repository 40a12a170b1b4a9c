#include "cli/commands/rest_download.h"

#include "cli/output/download.h"
#include "cli/output/http_printer.h"
#include "cli/output/reply_views.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body_collector.h"
#include "lib/http/failure.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

void check(const Options& options, const http::Request& request) {
    if (request.method == "HEAD") {
        throw Error(Exit::usage, "a download with HEAD: it brings no body to save");
    }
    if (!options.policy.sha256.empty()) {
        output::check_sha256(options.policy.sha256);
    }
    if (options.policy.resume && request.method != "GET") {
        throw Error(Exit::usage, "option --continue: only what GET brings can be gone on with");
    }
}

output::DownloadOptions options_of(const Options& options) {
    return {options.display.output, options.policy.resume, options.policy.sha256};
}

Exit exit_for(int status) {
    const Exit exit = http::exit_of(status);
    return exit == Exit::ok ? Exit::bad_reply : exit;  // a 206 that was not asked for
}

}  // namespace

void prepare_download(http::Request& request, const Options& options, output::Console& console) {
    check(options, request);
    http::BodyCollector nowhere;
    output::Download(console, options_of(options), nowhere).prepare(request);
}

Exit download(const DownloadCall& what, output::Console& console, base::Stop& stop) {
    const Options& options = what.options;
    check(options, what.request);
    output::HttpPrinter printer(console, output::Parts::of(console.to_terminal() ? "hb" : "b"));
    output::Download file(console, options_of(options), printer);
    http::Request request = what.request;
    file.prepare(request);
    const http::CallResult answer = http::Client(what.call, what.narrator, stop).call(request, file);
    const bool saved = file.finish(answer.result);
    if (answer.result.failure) {
        console.flush();
        http::throw_failure(answer.request, *answer.result.failure);
    }
    if (!saved) {
        printer.finish(answer.result);
        console.finish();
        const http::ReplyHead& head = answer.result.head;
        throw Error(exit_for(head.status()), request.method + " " + base::one_line(answer.request.url) +
                                                 ": " + std::to_string(head.status()) + " " +
                                                 base::one_line(head.reason(), 60) + ", nothing is saved");
    }
    return Exit::ok;
}

}  // namespace hail::cli::rest
