#include "cli/commands/rest.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/options/home.h"
#include "cli/options/session.h"
#include "cli/output/call_log.h"
#include "cli/output/progress.h"
#include "cli/output/wire_trace.h"
#include "cli/rest/dry_run.h"
#include "cli/rest/head_tap.h"
#include "cli/rest/inputs.h"
#include "cli/rest/perform.h"
#include "cli/rest/plan.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/cache.h"
#include "lib/http/call.h"
#include "lib/http/cookies.h"
#include "lib/rest/download.h"
#include "lib/rest/session.h"

namespace hail::cli::rest {

namespace {

using base::Exit;
using hail::rest::Session;

// Reading a list page by page should not fail because the server limits the rate.
constexpr std::uint64_t waits_of_a_page = 10;

hail::rest::DownloadOptions download_options(const Options& options) {
    if (options.download.asked() && options.display.output == "-") {
        throw base::Error(Exit::usage, "a download is saved as a file, but -o - is standard output",
                          "leave out -O, --continue and --sha256 to print the body");
    }
    return {options.display.output, options.download.resume, options.download.sha256};
}

// All but the jar, the cache and the trace.
http::CallOptions call_options(const Options& options, const Handling& handling) {
    http::CallOptions call;
    call.engine.connect = options::connect_options(options.connection);
    call.engine.stream_limit =
        handling.needs_whole_reply() ? http::StreamLimit::timeout : http::StreamLimit::none;
    call.engine.version = options.http2 ? http::Version::v2 : http::Version::v1_1;
    call.redirects = options.redirects.follow ? http::Redirects::follow : http::Redirects::report;
    call.most_redirects = options.redirects.most_redirects;
    call.retry = {.retries = options.connection.retries,
                  .waits = options.pages.has_next() ? waits_of_a_page : 0,
                  .most = options.connection.retry_time};
    return call;
}

// "Cookie:" removes the header, and with it the cookies of the session.
http::CookieUse cookie_use(const input::HeaderItems& typed) {
    const bool dropped = std::any_of(typed.dropped.begin(), typed.dropped.end(), [](const std::string& name) {
        return base::equal_ignoring_case(name, "Cookie");
    });
    return dropped ? http::CookieUse::store_only : http::CookieUse::send_and_store;
}

void warn_about_inputs(const Inputs& inputs, const RequestOptions& options, const http::Request& request,
                       output::Console& console) {
    if (!inputs.warning.empty()) {
        console.warn(inputs.warning);
    }
    const http::Header* const type = http::find(request.headers, "Content-Type");
    const bool is_whole = options.data || inputs.parts.body == input::RequestParts::Body::file;
    if (!is_whole || !inputs.body.bytes || type == nullptr || type->value != "application/json") {
        return;
    }
    if (const std::string doubt = doubt_about_json(*inputs.body.bytes); !doubt.empty()) {
        console.warn(doubt);
    }
}

// Draws the progress of sending the body.
void draw_upload(http::Request& request, output::Console& console) {
    if (!request.stream || !console.draws()) {
        return;
    }
    using output::Progress;
    const auto progress =
        std::make_shared<Progress>("sending", request.stream->length(), Progress::Clock::now());
    request.stream = http::watched_body(request.stream, [progress, &console](std::uint64_t taken) {
        if (const auto line = progress->update(taken, Progress::Clock::now())) {
            console.draw(*line);
        }
    });
}

void report_unsaved(Session& session, output::Console& console) {
    if (const auto unsaved = session.save()) {
        console.report(*unsaved);
    }
}

// The session is saved even if the reply failed, and the reply is output even if the session cannot be saved.
void save_after(Session& session, output::Console& console, const std::function<void()>& work) {
    try {
        work();
    } catch (...) {
        report_unsaved(session, console);
        throw;
    }
    if (const auto unsaved = session.save()) {
        console.finish();
        throw base::Error(*unsaved);
    }
}

}  // namespace

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    const Handling handling = plan_handling(options);
    const std::string session_name = options.redirects.session.value_or("");
    Session session = options::open_session(session_name);
    if (const std::string doubt = options::session_warning(session_name, session); !doubt.empty()) {
        console.warn(doubt);
    }
    const Inputs inputs = gather(options, session, stop, console);
    http::Request request = plan_request(options.request, inputs);
    const bool downloads = options.download.asked();
    const hail::rest::DownloadOptions download = download_options(options);
    warn_about_inputs(inputs, options.request, request, console);
    http::CallOptions call = call_options(options, handling);
    const bool has_session = !session_name.empty();
    call.cookies = has_session || options.redirects.follow ? &session.cookies() : nullptr;
    call.cookie_use = cookie_use(inputs.headers);
    std::optional<http::Cache> cache;
    if (options.redirects.cache && !downloads) {
        cache.emplace(options::cache_directory(), net::route(call.engine.connect));
    }
    call.cache = cache ? &*cache : nullptr;
    if (options.views.curl || options.display.dry_run) {
        complete(request, call, downloads ? &download : nullptr, console);
        print_unsent(request, options.views, inputs, call.engine.connect, console);
        return Exit::ok;
    }
    options::unlock_key(call.engine.connect.tls, options::ask_on_terminal(stop));
    if (has_session) {
        session.keep(request.url, inputs.headers.lines, inputs.headers.dropped);
        session.expect_to_save();
    }
    draw_upload(request, console);
    output::WireTrace trace(console);
    call.engine.trace = console.verbose() ? &trace : nullptr;
    output::CallLog log(console, call.retry);
    http::Client client(call, log, stop);
    auto mode = base::WriteMode::truncate;
    const hail::rest::Send send = [&](const http::Request& one, http::Receiver& receiver,
                                      base::Deadline until) {
        HeadTap tap(one, receiver, console, options.views.headers_to, mode);
        mode = handling.walk ? base::WriteMode::append : base::WriteMode::truncate;
        return client.call(one, tap, until);
    };
    save_after(session, console, [&] {
        const Run what{request, send, stop, console};
        downloads ? perform_download(what, download) : perform(what, handling);
    });
    return Exit::ok;
}

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Makes one REST call and prints the reply. Without METHOD, the method is GET, or POST if there is a "
        "body.\n"
        "Items: Name:value is a header, Name: removes it, Name; sends it empty; name==value is a query "
        "parameter; name=text and name:=json are fields; @file is the whole body. =@ :=@ ==@ :@ read the "
        "value from a file, @- is stdin; a[b][]=x nests.");
    parser.examples(
        "  hail rest :8080/users\n"
        "  hail rest :8080/users name=Ada age:=36 'tags[]=math'\n"
        "  hail rest PUT :8080/users/7 X-Trace:abc notify==yes name=Ada\n"
        "  hail rest api.example.org/things --bearer @token.txt\n"
        "  hail rest :8080/users name=Ada --dry-run\n");
    declare_options(parser, options);
}

}  // namespace hail::cli::rest
