#include "cli/commands/rest.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/input/assemble.h"
#include "cli/input/headers.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/output/http_printer.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/call.h"
#include "lib/http/cookies.h"
#include "lib/http/exchange.h"
#include "lib/http/url.h"
#include "lib/json/scan.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

// Source: RFC 9110 9.3, RFC 5789, RFC 4918, RFC 3253, RFC 5323, draft-ietf-httpbis-safe-method-w-body.
bool is_known_method(std::string_view word) {
    static constexpr std::array<std::string_view, 21> known{
        "GET",    "HEAD",    "POST",     "PUT",       "PATCH",  "DELETE", "OPTIONS",
        "TRACE",  "CONNECT", "QUERY",    "SEARCH",    "COPY",   "MOVE",   "LOCK",
        "UNLOCK", "MKCOL",   "PROPFIND", "PROPPATCH", "REPORT", "PURGE",  "LINK"};
    return std::find(known.begin(), known.end(), upper(word)) != known.end();
}

bool is_capitals(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

net::AddressRules rules_of(const Options& options) {
    return {.family = net::AddressRules::Family::http, .default_scheme = options.connection.default_scheme};
}

bool is_address(const std::string& word, const Options& options) {
    try {
        net::parse_address(word, rules_of(options));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

Words sort_words(const Options& options) {
    const bool more = !options.rest.empty();
    if (!more && is_known_method(options.first) && is_capitals(options.first)) {
        throw Error(Exit::usage, "reading the command line: ADDRESS is missing behind " + options.first,
                    "for a host of that name write http://" + base::lower(options.first));
    }
    const bool method = !options.method && more &&
                        (is_known_method(options.first) ||
                         (is_capitals(options.first) && is_address(options.rest.front(), options)));
    if (method) {
        return {upper(options.first), options.rest.front(), {options.rest.begin() + 1, options.rest.end()}};
    }
    return {options.method ? upper(*options.method) : std::string(), options.first, options.rest};
}

// --- the request ----------------------------------------------------------------------------------------------------

namespace {

struct Body {
    std::optional<std::string> bytes;
    std::string content_type;
};

std::vector<http::Pair> pairs_of(const std::vector<input::Field>& fields) {
    std::vector<http::Pair> pairs;
    pairs.reserve(fields.size());
    for (const auto& field : fields) {
        pairs.push_back({field.name, field.value});
    }
    return pairs;
}

constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

// Bytes that came as they are: what they look like, unless the command line says what they are.
std::string type_of(const std::string& bytes, const Options& options) {
    if (options.form) {
        return std::string(form_type);
    }
    if (options.json || json::is_json(bytes)) {
        return "application/json";
    }
    return base::is_utf8(bytes) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

Body body_of(const input::RequestParts& parts, const Options& options, const Material& material) {
    using Kind = input::RequestParts::Body;
    if (parts.body != Kind::none && parts.body != Kind::file && material.body) {
        throw Error(Exit::usage, "the body is given by --data and by items too", "leave one of them out");
    }
    switch (parts.body) {
        case Kind::json:
            return {parts.json, "application/json"};
        case Kind::form:
            return {http::form_encode(pairs_of(parts.form)), std::string(form_type)};
        case Kind::multipart:
            throw Error(
                Exit::usage,
                "a file among the fields of a form needs a multipart body, which hail cannot send yet",
                "send a file as the whole body with '@FILE', or its text as a field with 'name=@FILE'");
        case Kind::file:
            return {material.body, parts.file_media_type};
        case Kind::none:
            break;
    }
    return {material.body, material.body ? type_of(*material.body, options) : std::string()};
}

bool has(const std::vector<input::Field>& lines, std::string_view name) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& line) { return base::equal_ignoring_case(line.name, name); });
}

// Ours come first and give way to what was typed, be it a value or the wish to leave the header out.
std::vector<http::Header> headers_of(const input::HeaderItems& typed, const Body& body,
                                     const Options& options) {
    const bool json = options.json || body.content_type == "application/json";
    std::vector<http::Header> headers{{"Accept", json ? "application/json, */*;q=0.5" : "*/*"},
                                      {"Accept-Encoding", "gzip, deflate"},
                                      {"User-Agent", http::user_agent()}};
    if (!body.content_type.empty() || options.json) {
        headers.push_back(
            {"Content-Type", body.content_type.empty() ? "application/json" : body.content_type});
    }
    std::erase_if(headers, [&](const http::Header& ours) {
        const auto is_it = [&](const std::string& name) {
            return base::equal_ignoring_case(name, ours.name);
        };
        return has(typed.lines, ours.name) || std::any_of(typed.dropped.begin(), typed.dropped.end(), is_it);
    });
    for (const auto& line : typed.lines) {
        headers.push_back({line.name, line.value});
    }
    return headers;
}

}  // namespace

http::Request plan(const Options& options, const Material& material) {
    const net::Address address = net::parse_address(material.words.address, rules_of(options));
    const auto mode = options.form ? input::BodyMode::form : input::BodyMode::json;
    input::RequestParts parts = input::assemble(material.items, mode);
    input::HeaderItems headers;
    for (const auto& line : options.headers) {
        input::add_header_line(headers, line);
    }
    input::add_headers(headers, parts.headers);
    Body body = body_of(parts, options, material);
    http::Request request;
    request.url = http::make_url(address, pairs_of(parts.query));
    request.headers = headers_of(headers, body, options);
    if (material.idempotency_key) {
        request.headers.push_back({"Idempotency-Key", *material.idempotency_key});
    }
    request.credentials = http::credentials(material.credentials, address);
    request.body = std::move(body.bytes);
    request.method = material.words.method;
    if (request.method.empty()) {
        request.method = request.body ? "POST" : "GET";
    }
    http::validate(request);
    return request;
}

// --- the run --------------------------------------------------------------------------------------------------------

namespace {

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

Material gather(const Options& options) {
    if (options.json && options.form) {
        throw Error(Exit::usage, "options --json and --form: a body is one of them");
    }
    Material material;
    material.words = sort_words(options);
    // A wrong address is told before any file is read.
    net::parse_address(material.words.address, rules_of(options));
    material.items = input::parse_items(material.words.items);
    input::Files files(options::home_directory());
    const bool from_stdin = wants_stdin(options, material.words, material.items);
    input::load_items(material.items, files);
    material.body = raw_body(options, material.items, files);
    if (!options.data && !material.body && from_stdin) {
        std::string bytes = files.read("-");
        material.body = bytes.empty() ? std::nullopt : std::optional(std::move(bytes));
    }
    material.credentials = options::credentials(options.connection);
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

}  // namespace

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    const http::Request request = plan(options, gather(options));
    if (options.display.dry_run) {
        output::HttpPrinter printer(console, output::Parts::of("HB"));
        printer.request(request);
        return Exit::ok;
    }
    output::HttpPrinter printer(console, parts_of(options, console));
    printer.request(request);
    output::WireTrace trace(console);
    http::CookieJar cookies;
    http::CallOptions call;
    call.engine.connect = options::connect_options(options.connection);
    call.engine.trace = console.verbose() ? &trace : nullptr;
    call.cookies = options.policy.follow ? &cookies : nullptr;
    apply(options.policy, call);
    Narrator narrator(console, options.policy);
    const http::CallResult answer = http::call(request, printer, call, narrator, stop);
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
