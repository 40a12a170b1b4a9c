#include "cli/commands/rest.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "cli/commands/rest_download.h"
#include "cli/commands/rest_perform.h"
#include "cli/commands/rest_session.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/output/curl_line.h"
#include "cli/output/http_printer.h"
#include "cli/output/narrator.h"
#include "cli/output/progress.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/cache.h"
#include "lib/http/call.h"
#include "lib/http/cookies.h"
#include "lib/http/url.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Exit;

// How often a busy server is waited for, so that a long list does not break at its rate limit.
constexpr std::uint64_t waits_of_a_page = 10;

Material gather(const Options& options, const Session& session, const base::Stop& stop,
                output::Console& console) {
    Material material;
    material.words = sort_words(options);
    material.address = address_of(material.words, options);  // a wrong one is told before any file is read
    material.items = input::parse_items(material.words.items);
    input::Files files(options::home_directory(), &stop);
    input::load_items(material.items, files);
    gather_body(options, files, material, stop, console);
    material.session_headers = session.headers(http::make_url(material.address));
    auto login = options::login(options.connection, material.address);
    material.credentials = std::move(login.credentials);
    material.credentials.authentication = options.policy.authentication;
    material.warning = std::move(login.warning);
    material.idempotency_key = idempotency_key(options.policy);
    return material;
}

// What is typed in this call is sent in the next ones of the session.
void keep_typed(Session& session, const input::HeaderItems& typed, const http::Request& request) {
    std::vector<http::Header> headers;
    for (const auto& line : typed.lines) {
        headers.push_back({line.name, line.value});
    }
    session.keep(request.url, headers, typed.dropped);
    session.expect_to_save();
}

// "Cookie:" leaves that header out, the session's cookies too.
http::CookieUse use_of_jar(const input::HeaderItems& typed) {
    const bool dropped = std::any_of(typed.dropped.begin(), typed.dropped.end(), [](const std::string& name) {
        return base::equal_ignoring_case(name, "Cookie");
    });
    return dropped ? http::CookieUse::store_only : http::CookieUse::send_and_store;
}

// What was learnt counts, whatever became of the reply; and the reply counts, though nothing can be saved.
Exit save_after(const std::function<Exit()>& work, Session& session, output::Console& console) {
    Exit exit = Exit::ok;
    std::exception_ptr thrown;
    try {
        exit = work();
    } catch (...) {
        thrown = std::current_exception();
    }
    try {
        session.save();
    } catch (const base::Error& unsaved) {
        if (!thrown) {
            console.finish();
            throw;
        }
        console.report(unsaved);
    }
    if (thrown) {
        std::rethrow_exception(thrown);
    }
    return exit;
}

Exit print_curl(const Options& options, const Material& material, const http::Request& request,
                output::Console& console) {
    const auto secrets = options.show.show_secrets ? output::Secrets::shown : output::Secrets::masked;
    output::CurlBody body;
    const input::RequestParts parts = input::assemble(material.items, body_mode(options));
    if (parts.body == input::RequestParts::Body::multipart) {
        for (const input::Part& part : parts.parts) {
            body.parts.push_back({part.name, part.value, part.path, part.upload_name, part.media_type});
        }
    } else {
        body.file = material.stream_source;
    }
    console.write(output::curl_line(request, body, options::connect_options(options.connection), secrets) +
                  "\n");
    return Exit::ok;
}

Exit print_dry(const http::Request& request, output::Console& console) {
    output::HttpPrinter printer(console, output::Parts::of("HB"));
    printer.request(request, output::HttpPrinter::Sending::does_not);
    return Exit::ok;
}

// What sending alone would add, so that what is shown is what would go out.
void complete(http::Request& request, const Options& options, const http::CookieJar* jar,
              const std::optional<http::Cache>& cache, output::Console& console) {
    if (jar != nullptr) {
        http::add_cookies(request, *jar);
    }
    if (options.downloads()) {
        prepare_download(request, options, console);
    } else if (const auto kept = cache ? cache->find(request) : std::nullopt) {
        const std::vector<http::Header> asked = http::conditions(kept->head());
        request.headers.insert(request.headers.end(), asked.begin(), asked.end());
    }
}

bool is_false_json(const http::Request& request) {
    const http::Header* const type = http::find(request.headers, "Content-Type");
    return request.body && type != nullptr && type->value == "application/json" &&
           !json::is_json(*request.body);
}

// Draws how much of the body has gone out.
void watch(http::Request& request, output::Console& console) {
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

// All but the jar, the cache and the trace.
http::CallOptions call_options(const Options& options) {
    http::CallOptions call;
    call.engine.connect = options::connect_options(options.connection);
    call.engine.stream_limit = http::StreamLimit::none;
    apply(options.policy, call);
    call.retry = {.retries = options.connection.retries,
                  .waits = options.show.goes_on() ? waits_of_a_page : 0,
                  .most = options.connection.retry_time};
    return call;
}

}  // namespace

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    check(options.show);
    const Show& show = options.show;
    if (options.downloads() && (show.views() || show.judges() || show.pages() || options.print)) {
        throw base::Error(base::Exit::usage, "a download: it has no views, expectations or pages",
                          "-o FILE writes what they print");
    }
    Session session(session_file(options.policy));
    const Material material = gather(options, session, stop, console);
    http::Request request = plan(options, material);
    if (!material.warning.empty()) {
        console.warn(material.warning);
    }
    if (options.data && is_false_json(request)) {
        console.warn(
            "the body is called application/json but is no JSON: -f, or Content-Type:text/plain, says what "
            "it is");
    }
    const bool jar = options.policy.follow || !options.policy.session.empty();
    const input::HeaderItems typed =
        jar ? typed_headers(options, input::assemble(material.items, body_mode(options)))
            : input::HeaderItems();
    http::CallOptions call = call_options(options);
    std::optional<http::Cache> cache;
    if (options.policy.cache && !options.downloads()) {
        cache.emplace(options::cache_directory(), net::route(call.engine.connect));
    }
    if (options.show.curl || options.display.dry_run) {
        complete(request, options,
                 use_of_jar(typed) == http::CookieUse::send_and_store ? &session.cookies() : nullptr, cache,
                 console);
        return options.show.curl ? print_curl(options, material, request, console)
                                 : print_dry(request, console);
    }
    if (!options.policy.session.empty()) {
        keep_typed(session, typed, request);
    }
    watch(request, console);
    output::WireTrace trace(console);
    call.engine.trace = console.verbose() ? &trace : nullptr;
    call.cookies = jar ? &session.cookies() : nullptr;
    call.cookie_use = use_of_jar(typed);
    call.cache = cache ? &*cache : nullptr;
    output::Narrator narrator(console, call.retry);
    if (options.downloads()) {
        return save_after(
            [&] {
                return download({options, request, call, narrator}, console, stop);
            },
            session, console);
    }
    http::Client client(call, narrator, stop);
    const Make make = [&](const http::Request& one, http::Receiver& receiver, base::Deadline until) {
        return client.call(one, receiver, until);
    };
    const Expectations expect(options.show.expect);
    const Expectations awaited(options.show.until);
    return save_after(
        [&] {
            return perform({options, request, make, expect, awaited, console, stop});
        },
        session, console);
}

// --- the options ----------------------------------------------------------------------------------------------------

namespace {

void declare_body(options::Parser& parser, Options& options) {
    options::Group group(parser, "Request");
    group.text("-X,--method", options.method, "METHOD", "The method, where the first word cannot tell");
    group.list("-H,--header", options.headers, "NAME:VALUE",
               "Send this header; an empty value leaves one of ours out");
    group.flag("-j,--json", options.json,
               "Fields make JSON, and JSON is wanted back (the default with fields)");
    group.flag("-f,--form", options.form, "Fields make a form, application/x-www-form-urlencoded");
    group.flag("--multipart", options.multipart, "Fields make a form, multipart/form-data; files need it");
    group.text("--boundary", options.boundary, "TEXT", "The boundary between the parts of a multipart form");
    group.text_once("-d,--data,--raw", options.data, "TEXT",
                    "Send this as the body, as it is; @FILE sends a file, @- stdin");
    group.choice<http::Coding>("--compress", options.compress,
                               {{"gzip", http::Coding::gzip}, {"deflate", http::Coding::deflate}},
                               "Compress the body", "HAIL_COMPRESS");
    group.flag("--chunked", options.chunked,
               "Send stdin as it comes, in chunks, instead of waiting for its end up to 1 MiB");
    group.flag("-I,--ignore-stdin", options.ignore_stdin,
               "Do not read the body of POST, PUT and PATCH from stdin", "HAIL_IGNORE_STDIN");
}

void declare_reply(options::Parser& parser, Options& options) {
    using Letters = std::optional<std::string>;
    options::Group group(parser, "Reply");
    group.text("-p,--print", options.print, "PARTS",
               "What to print: H and B of the request, h and b of the reply, m metadata (default hb on a "
               "terminal, else b)",
               "HAIL_PRINT");
    group.flag_for("--headers", options.print, Letters("h"), "Print the reply's head only");
    group.flag_for("-b,--body", options.print, Letters("b"), "Print the reply's body only");
    group.flag_for("-m,--meta", options.print, Letters("m"), "Print times and sizes only");
    group.flag("--no-check-status", options.no_check_status, "End with 0 whatever the status of the reply is",
               "HAIL_NO_CHECK_STATUS");
}

}  // namespace

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Makes one REST call and prints the reply. Without METHOD it is GET, or POST when there is a body.\n"
        "Items: Name:value header, Name: drop it, Name; empty header, name==value query, name=text and "
        "name:=json "
        "fields, @file the whole body; =@ :=@ ==@ :@ take the value from a file, @- is stdin; a[b][]=x "
        "nests.");
    parser.examples(
        "  hail rest :8080/users\n"
        "  hail rest :8080/users name=Ada age:=36 'tags[]=math'\n"
        "  hail rest PUT :8080/users/7 X-Trace:abc notify==yes name=Ada\n"
        "  hail rest api.example.org/things --bearer @token.txt\n"
        "  hail rest :8080/users name=Ada --dry-run\n");
    parser.argument("ADDRESS", options.first, "Where the service is; a METHOD may stand before it");
    parser.arguments("ITEM", options.rest, "Headers, query and fields of the body");
    declare_body(parser, options);
    declare_reply(parser, options);
    declare_show(parser, options.show);
    declare_policy(parser, options.policy);
    options::declare_connection(parser, options.connection, options::Peer::http,
                                options::Digits::are_options);
    options::declare_display(parser, options.display);
}

}  // namespace hail::cli::rest
