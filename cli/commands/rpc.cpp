#include "cli/commands/rpc.h"

#include "cli/input/params.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/options/session.h"
#include "cli/rpc/caller.h"
#include "cli/rpc/discovery.h"
#include "cli/rpc/method_cache.h"
#include "cli/rpc/view.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/message.h"

namespace hail::cli::rpc {

namespace {

using base::Error;
using base::Exit;
using hail::rest::Session;

std::string params_of(const Options& options, input::Files& files) {
    if (!options.whole_params) {
        return input::params_of(options.params, files);
    }
    if (!options.params.empty()) {
        throw Error(Exit::usage, "--params cannot be combined with PARAM arguments");
    }
    return input::whole_params(*options.whole_params, files);
}

void check_id(const std::string& id) {
    const bool scalar = json::is_json(id) && json::kind(id) != json::Kind::object &&
                        json::kind(id) != json::Kind::array && json::kind(id) != json::Kind::boolean;
    if (!scalar) {
        throw Error(Exit::usage,
                    "option --id: '" + base::one_line(id) + "' is not a JSON number, a JSON string or null",
                    base::is_utf8(id) ? "write a string as '" + base::one_line(json::quote(id)) + "'" : "");
    }
}

bool is_code(std::string_view text) {
    return json::is_json(text) && json::kind(text) == json::Kind::number &&
           text.find_first_of(".eE \t\r\n") == text.npos;
}

std::vector<std::string> codes_of(const std::string& text) {
    std::vector<std::string> codes;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        codes.emplace_back(base::trim(std::string_view(text).substr(at, end - at)));
        at = end + 1;
        if (!is_code(codes.back())) {
            throw Error(
                Exit::usage,
                "option --retry-on: '" + base::one_line(codes.back()) + "' is not the code of an error",
                "write whole numbers, separated by commas, as in -32005,429");
        }
    }
    return codes;
}

View view_of(const Options& options) {
    if (options.whole_reply && options.raw_string && !options.pick) {
        throw Error(Exit::usage, "with --json, -r needs --pick",
                    "the whole reply is an object, and no string");
    }
    View view;
    view.doing = (options.notify ? "notifying " : "calling ") + base::one_line(options.method.value_or(""));
    view.notify = options.notify;
    view.has_params = options.whole_params || !options.params.empty();
    view.strict = options.endpoint.strict;
    view.whole_reply = options.whole_reply;
    view.strings = options.raw_string ? output::Strings::raw : output::Strings::as_json;
    if (options.pick) {
        view.pick = json::require_path("--pick", *options.pick);
    }
    view.expected = hail::rest::Expectations(options.expect);
    if (options.notify && view.expected.are_about(hail::rest::Expectation::Subject::body)) {
        throw Error(Exit::usage, "--expect: a notification has no result",
                    "expect its status, as in status==204, or leave out --notify");
    }
    return view;
}

bool asks_for_methods(const Options& options) {
    return options.list || options.describe.has_value();
}

// All but the trace and the jar.
CallTerms terms_of(const Options& options, const View& view) {
    CallTerms terms;
    terms.call.retry = {.retries = options.endpoint.connection.retries,
                        .most = options.endpoint.connection.retry_time,
                        .refusals = true};
    terms.wait = options.wait_server;
    if (options.retry_on) {
        terms.retry_on = codes_of(*options.retry_on);
    }
    terms.max_reply = options.endpoint.max_reply;
    const bool to_file = !options.display.output.empty() && options.display.output != "-";
    terms.results =
        to_file && !asks_for_methods(options) && view.can_stream() ? Results::streamed : Results::kept;
    return terms;
}

// The cookies and ids that the call brought, also if it failed.
void save(Session& session, const Options& options, const http::Request& request,
          const std::vector<http::Header>& learnt, output::Console& console) {
    if (!options.endpoint.session) {
        return;
    }
    input::HeaderItems typed = json_rpc::typed_headers(options.endpoint);
    typed.lines.insert(typed.lines.end(), learnt.begin(), learnt.end());
    session.keep(request.url, typed.lines, typed.dropped);
    if (const auto unsaved = session.save()) {
        console.report(*unsaved);
    }
}

void declare_call(options::Parser& parser, Options& options) {
    options::Group group(parser, "Call options");
    group.text("--params", options.whole_params, "JSON",
               "Pass this JSON array or object as the params; @FILE reads it from a file, @- from stdin");
    group.list("--member", options.members, "NAME=TEXT",
               "Send this member beside the params; NAME:=JSON for JSON, =@FILE and :=@FILE for a file");
    group.text("--id", options.id, "JSON", "Use this id for the call (default 1)");
    group.flag("--notify", options.notify, "Send a notification, which has no id and expects no reply");
    group.duration(
        "--wait-server", options.wait_server,
        "Wait up to this time for a server that cannot be reached, answers 503, or says that it is "
        "warming up (error -28)",
        "HAIL_WAIT_SERVER");
    group.text("--retry-on", options.retry_on, "CODES",
               "Retry, as often as --retry allows, if the error has one of these codes, as in -32005,429",
               "HAIL_RETRY_ON");
}

void declare_output(options::Parser& parser, Options& options) {
    options::Group group(parser, "Result options");
    group.flag("--json", options.whole_reply, "Print the whole reply, whether it is a result or an error");
    group.text_once("--pick", options.pick, "PATH",
                    "Print the values at PATH in the result, one per line: items[][id]");
    group.flag("-r,--raw-output", options.raw_string, "Print a string as text, without quotes and escapes");
    group.list(
        "--expect", options.expect, "EXPECTATION",
        "Exit with 10 unless this holds for the result: state==\"done\", a[b]>=1, !errors, status==200");
}

void declare_discovery(options::Parser& parser, Options& options) {
    options::Group group(parser, "Discovery options");
    group.flag("--list", options.list,
               "List the methods of the service, if it can tell; no METHOD is called");
    group.flag("--cached", options.cached, "Print the names of the last --list without asking the service");
    group.text("--describe", options.describe, "NAME", "Print what the service says about this method");
}

void declare_rules(options::Rules& rules) {
    rules.exclude({"notify"}, {"pick", "raw-output", "json", "id", "retry-on"});
    rules.needs("retry-on", {"retry"});
    rules.needs("retry-max-time", {"retry"});
    rules.needs("cached", {"list"});
    rules.at_most_one({"list", "describe"});
    rules.exclude({"list", "describe"},
                  {"params", "member", "id", "notify", "pick", "raw-output", "expect", "retry-on"});
}

// A service is its URL and its socket.
MethodCache cache_of(const Options& options, const http::Request& request) {
    return MethodCache(request.url + "\n" + options.endpoint.connection.connect.unix_socket);
}

void check_method(const Options& options) {
    if (asks_for_methods(options) && options.method) {
        throw Error(Exit::usage,
                    "reading the command line: unexpected argument '" + base::one_line(*options.method) + "'",
                    "--list and --describe call no METHOD");
    }
    if (!asks_for_methods(options) && !options.method) {
        throw Error(Exit::usage, "reading the command line: missing METHOD",
                    "--list shows the methods of a service that can tell");
    }
}

void print_cached(const Options& options, const http::Request& request, output::Console& console) {
    const auto names = cache_of(options, request).read();
    if (!names) {
        throw Error(Exit::no_input, "listing the methods: none are kept for this address",
                    "leave out --cached to ask the service");
    }
    console.write(console.to_terminal() ? base::printable(*names) : *names);
}

void show_unsent(const Options& options, http::Request request, output::Console& console) {
    if (!asks_for_methods(options)) {
        console.write(json_rpc::shown(request, console));
        return;
    }
    for (std::string& body : options.describe ? bodies_to_describe(*options.describe) : bodies_to_list()) {
        request.body = std::move(body);
        console.write(json_rpc::shown(request, console) + "\n");
    }
}

void discover(const Options& options, const http::Request& request, Caller& caller,
              output::Console& console) {
    Discovery discovery(caller, request, console);
    if (options.describe) {
        discovery.describe(*options.describe, options.whole_reply);
        return;
    }
    const std::vector<std::string> names = discovery.list(options.whole_reply);
    if (!names.empty()) {
        cache_of(options, request).write(names);
    }
}

}  // namespace

void declare(options::Parser& parser, Options& options) {
    parser.describe(
        "Makes one JSON-RPC 2.0 call over HTTP. Prints the bytes of the result and a newline, and nothing "
        "else.");
    parser.examples(
        "  hail rpc localhost:6800/jsonrpc aria2.getVersion\n"
        "  hail rpc localhost:6800/jsonrpc aria2.tellStatus 2089b05ecca3d829 '[\"gid\",\"status\"]'\n"
        "  hail rpc localhost:8545 eth_getBalance =0xc0ffee254729296a45a3885639ac7e10f9d54979 latest -r\n"
        "  hail rpc localhost:8545 subtract minuend:=42 subtrahend:=23\n");
    parser.argument("ADDRESS", options.endpoint.address, "The address of the service");
    parser.argument("METHOD", options.method, "The name of the method");
    parser.arguments(
        "PARAM", options.params,
        "By position: JSON if it is valid JSON, else a string; =TEXT and :=JSON force one or the "
        "other. By name: name=TEXT, name:=JSON");
    declare_call(parser, options);
    declare_output(parser, options);
    declare_discovery(parser, options);
    json_rpc::declare_endpoint(parser, options.endpoint, options::Digits::are_data);
    options::declare_authentication(parser, options.endpoint.connection);
    options::declare_display(parser, options.display);
    declare_rules(parser.rules());
}

std::string plan(const Options& options, const base::Stop& stop) {
    const std::string& method = *options.method;
    if (!base::is_utf8(method)) {
        throw Error(Exit::usage, "method '" + base::one_line(method) + "': the name is not UTF-8",
                    "a JSON string cannot hold other bytes");
    }
    input::Files files(options::home_directory(), &stop);
    const std::string params = params_of(options, files);
    const std::string members = input::members_of(options.members, files);
    if (!options.notify) {
        check_id(options.id);
    }
    return hail::rpc::write_request({.method = method,
                                     .params = params,
                                     .id = options.notify ? std::string_view() : options.id,
                                     .members = members});
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    check_method(options);
    const options::Ask ask = options::ask_on_terminal(stop);
    Session session = json_rpc::open_session(options.endpoint, console);
    http::Request request = json_rpc::make_post(options.endpoint, ask, session, console);
    if (options.cached) {
        print_cached(options, request, console);
        return Exit::ok;
    }
    const View view = view_of(options);
    CallTerms terms = terms_of(options, view);
    if (!asks_for_methods(options)) {
        request.body = plan(options, stop);
        for (const std::string& doubt : input::doubts_about(options.params)) {
            console.warn(doubt);
        }
    }
    if (options.display.dry_run) {
        http::add_cookies(request, session.cookies());
        show_unsent(options, request, console);
        return Exit::ok;
    }
    session.expect_to_save();
    output::WireTrace trace(console);
    terms.call.engine = json_rpc::engine_options(options.endpoint, trace, console);
    options::unlock_key(terms.call.engine.connect.tls, ask);
    terms.call.cookies = !options.endpoint.session ? nullptr : &session.cookies();
    Caller caller(std::move(terms), console, stop);
    if (asks_for_methods(options)) {
        discover(options, request, caller, console);
        save(session, options, request, caller.learnt(), console);
        return Exit::ok;
    }
    const Answer answer = caller.call(request, options.notify ? std::string() : options.id);
    save(session, options, request, caller.learnt(), console);
    return show(answer, view, console);
}

}  // namespace hail::cli::rpc
