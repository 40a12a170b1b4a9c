#include "cli/commands/rest.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/commands/rest_download.h"
#include "cli/commands/rest_session.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/output/http_printer.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/cache.h"
#include "lib/http/call.h"
#include "lib/http/cookies.h"
#include "lib/http/exchange.h"
#include "lib/http/url.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

// Somebody gave us data, rather than a terminal, /dev/null or what a loop reads its lines from by accident.
bool stdin_has_data() {
    struct stat status {};
    return ::fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool makes_body(const input::Item& item) {
    return item.kind == input::ItemKind::text || item.kind == input::ItemKind::json ||
           item.kind == input::ItemKind::file;
}

bool takes_stdin(const input::Item& item) {
    const bool reads = item.source == input::Item::Source::file || item.kind == input::ItemKind::file;
    return reads && item.value == "-";
}

// stdin is read only for '@-', or for a method that wants a body and has no other.
bool wants_stdin(const Options& options, const Words& words, const std::vector<input::Item>& items) {
    const bool writes = words.method == "POST" || words.method == "PUT" || words.method == "PATCH";
    return writes && !options.ignore_stdin && std::none_of(items.begin(), items.end(), makes_body) &&
           std::none_of(items.begin(), items.end(), takes_stdin) && stdin_has_data();
}

std::optional<std::string> raw_body(const Options& options, const std::vector<input::Item>& items,
                                    input::Files& files) {
    const auto file = std::find_if(items.begin(), items.end(), [](const input::Item& item) {
        return item.kind == input::ItemKind::file && item.key.empty();
    });
    if (options.data && file != items.end()) {
        throw Error(Exit::usage,
                    "the body is given by --data and by '" + base::one_line(file->typed) + "' too",
                    "leave one of them out");
    }
    if (options.data) {
        return options.data->starts_with('@') ? files.read(options.data->substr(1)) : *options.data;
    }
    if (file != items.end() && !options.form) {
        return files.read_claimed(file->value);
    }
    return std::nullopt;
}

Material gather(const Options& options, const Session& session, const base::Stop& stop) {
    if (options.json && options.form) {
        throw Error(Exit::usage, "options --json and --form: a body is one of them");
    }
    Material material;
    material.words = sort_words(options);
    material.address = address_of(material.words, options);  // a wrong one is told before any file is read
    material.items = input::parse_items(material.words.items);
    input::Files files(options::home_directory(), &stop);
    const bool from_stdin = wants_stdin(options, material.words, material.items);
    input::load_items(material.items, files);
    material.body = raw_body(options, material.items, files);
    if (!options.data && !material.body && from_stdin) {
        std::string bytes = files.read("-");
        material.body = bytes.empty() ? std::nullopt : std::optional(std::move(bytes));
    }
    material.session_headers = session.headers(http::make_url(material.address));
    auto login = options::login(options.connection, material.address);
    material.credentials = std::move(login.credentials);
    material.credentials.authentication = options.policy.authentication;
    material.warning = std::move(login.warning);
    material.idempotency_key = idempotency_key(options.policy);
    return material;
}

output::Parts parts_of(const Options& options, const output::Console& console) {
    if (options.print) {
        return output::Parts::of(*options.print);
    }
    return output::Parts::of(console.to_terminal() ? "hb" : "b");
}

Exit exit_for(int status) {
    if (status >= 300 && status < 400) {
        return Exit::redirected;
    }
    if (status >= 400 && status < 500) {
        return Exit::client_error;
    }
    return status >= 500 ? Exit::server_error : Exit::ok;
}

std::string hint_for(const http::ReplyHead& head) {
    const auto location = head.find("Location");
    if (head.status() >= 300 && head.status() < 400 && location) {
        return "it points to " + base::one_line(*location) + ": --follow goes there";
    }
    return head.status() == 401 ? "--user or --bearer say who you are" : "";
}

void check_status(const http::Request& request, const http::ReplyHead& head, output::Console& console) {
    const Exit exit = exit_for(head.status());
    if (exit == Exit::ok) {
        return;
    }
    console.finish();  // what the server said counts, even if it said no
    const std::string reason = head.reason().empty() ? "" : " " + base::one_line(head.reason(), 60);
    throw Error(exit, request.method + " " + request.url + ": " + std::to_string(head.status()) + reason,
                hint_for(head));
}

// What is typed in this call is sent in the next ones of the session.
void keep_typed(Session& session, const Options& options, const Material& material,
                const http::Request& request) {
    const auto mode = options.form ? input::BodyMode::form : input::BodyMode::json;
    const input::HeaderItems typed = typed_headers(options, input::assemble(material.items, mode));
    std::vector<http::Header> headers;
    for (const auto& line : typed.lines) {
        headers.push_back({line.name, line.value});
    }
    session.keep(request.url, headers, typed.dropped);
}

}  // namespace

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    Session session(session_file(options.policy));
    const Material material = gather(options, session, stop);
    const http::Request request = plan(options, material);
    if (!material.warning.empty()) {
        console.warn(material.warning);
    }
    if (options.display.dry_run) {
        output::HttpPrinter printer(console, output::Parts::of("HB"));
        http::Request dressed = request;
        http::add_cookies(dressed, session.cookies());
        printer.request(dressed);
        return Exit::ok;
    }
    if (!options.policy.session.empty()) {
        keep_typed(session, options, material, request);
    }
    output::HttpPrinter printer(console, parts_of(options, console));
    printer.request(request);
    output::WireTrace trace(console);
    http::CallOptions call;
    call.engine.connect = options::connect_options(options.connection);
    call.engine.trace = console.verbose() ? &trace : nullptr;
    const bool cookies = options.policy.follow || !options.policy.session.empty();
    call.cookies = cookies ? &session.cookies() : nullptr;
    const http::Cache cache(options::cache_directory());
    call.cache = options.policy.cache && !options.downloads() ? &cache : nullptr;
    apply(options.policy, call);
    Narrator narrator(console, options.policy);
    if (options.downloads()) {
        return download({options, request, call, narrator, session}, console, stop);
    }
    const http::CallResult answer = http::call(request, printer, call, narrator, stop);
    session.save();
    printer.finish(answer.result);
    if (answer.result.failure) {
        console.flush();
        http::fail(answer.request, *answer.result.failure);
    }
    if (!options.no_check_status) {
        check_status(answer.request, answer.result.head, console);
    }
    return Exit::ok;
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
    group.text("-d,--data,--raw", options.data, "TEXT",
               "Send this as the body, as it is; @FILE sends a file, @- stdin");
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
    declare_policy(parser, options.policy);
    options::declare_connection(parser, options.connection, options::Peer::http,
                                options::Digits::are_options);
    options::declare_display(parser, options.display);
}

}  // namespace hail::cli::rest
