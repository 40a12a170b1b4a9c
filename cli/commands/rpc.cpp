#include "cli/commands/rpc.h"

#include "cli/input/params.h"
#include "cli/options/display.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/output/call_log.h"
#include "cli/output/json_printer.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/body_collector.h"
#include "lib/http/call.h"
#include "lib/http/decode.h"
#include "lib/http/failure.h"
#include "lib/http/login_hint.h"
#include "lib/json/scan.h"
#include "lib/json/string.h"
#include "lib/rpc/message.h"
#include "lib/rpc/reply.h"

namespace hail::cli::rpc {

namespace {

using base::Error;
using base::Exit;

std::string params_of(const Options& options, const base::Stop& stop) {
    input::Files files(options::home_directory(), &stop);
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
                    "write a string as '\"" + base::one_line(id) + "\"'");
    }
}

std::string doing(const Options& options) {
    return (options.notify ? "notifying " : "calling ") + base::one_line(options.method);
}

// For a status without a JSON-RPC reply. The body's first line says more than the number.
[[noreturn]] void throw_status_error(const Options& options, const http::CallResult& call,
                                     std::string_view body) {
    const http::ReplyHead& head = call.result.head;
    const int status = head.status();
    std::string why = doing(options) + ": HTTP " + std::to_string(status);
    if (!head.reason().empty()) {
        why += " " + base::one_line(head.reason(), 60);
    }
    const std::string_view text = base::trim(body);
    if (!text.empty()) {
        why += ": '" + base::one_line(text.substr(0, text.find_first_of("\r\n")), 120) + "'";
    }
    const Exit exit = http::exit_of(status);
    if (exit == Exit::redirected) {
        throw Error(exit, why,
                    "it points to " + base::one_line(head.find("Location").value_or("no address")));
    }
    if (exit == Exit::server_error) {
        throw Error(exit, why + "; the call may have been executed");
    }
    throw Error(Exit::client_error, why, http::login_hint(call));
}

void throw_if_strict(const Options& options, const hail::rpc::Reply& reply) {
    if (options.endpoint.strict && !reply.quirks.empty()) {
        throw Error(Exit::bad_reply, doing(options) + ": the reply breaks JSON-RPC 2.0: " +
                                         json_rpc::describe_quirks(reply.quirks));
    }
}

void print_value(std::string_view value, const Options& options, output::Console& console) {
    if (!options.raw_string || json::kind(value) != json::Kind::string) {
        output::print_json(value, console);
        return;
    }
    const std::string text = json::unquote(value);
    console.write((console.to_terminal() ? base::printable(text) : text) + "\n");
}

Exit show(const hail::rpc::Reply& reply, const Options& options, output::Console& console) {
    throw_if_strict(options, reply);
    json_rpc::warn_about_quirks(reply.quirks, console);
    const bool is_error = reply.kind == hail::rpc::Reply::Kind::error;
    if (options.whole_reply) {
        print_value(reply.whole, options, console);
        return is_error ? Exit::refused : Exit::ok;
    }
    if (is_error) {
        throw Error(Exit::refused, doing(options) + ": " + one_line(reply.error));
    }
    if (options.notify) {
        console.warn("the notification was answered with a result");
    } else {
        print_value(reply.result, options, console);
    }
    return Exit::ok;
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
    options::Group group(parser, "Call options");
    group.text("--params", options.whole_params, "JSON",
               "Pass this JSON array or object as the params; @FILE reads it from a file, @- from stdin");
    group.text("--id", options.id, "JSON", "Use this id for the call (default 1)");
    group.flag("--notify", options.notify, "Send a notification, which has no id and expects no reply");
    group.flag("--json", options.whole_reply, "Print the whole reply, whether it is a result or an error");
    group.flag("-r,--raw-output", options.raw_string, "Print a string as text, without quotes and escapes");
    json_rpc::declare_endpoint(parser, options.endpoint, options::Digits::are_data);
    options::declare_authentication(parser, options.endpoint.connection);
    options::declare_display(parser, options.display);
}

std::string plan(const Options& options, const base::Stop& stop) {
    if (!base::is_utf8(options.method)) {
        throw Error(Exit::usage, "method '" + base::one_line(options.method) + "': the name is not UTF-8",
                    "a JSON string cannot hold other bytes");
    }
    const std::string params = params_of(options, stop);
    if (options.notify) {
        return hail::rpc::write_request({.method = options.method, .params = params, .id = {}});
    }
    check_id(options.id);
    return hail::rpc::write_request({.method = options.method, .params = params, .id = options.id});
}

Exit run(const Options& options, output::Console& console, base::Stop& stop) {
    const options::Ask ask = options::ask_on_terminal(stop);
    http::Request request = json_rpc::make_post(options.endpoint, ask);
    request.body = plan(options, stop);
    if (options.display.dry_run) {
        console.write(json_rpc::shown(request, console));
        return Exit::ok;
    }
    http::BodyCollector collector(options.endpoint.max_reply, http::BodyCollector::Excess::fail);
    output::WireTrace trace(console);
    http::CallOptions call;
    call.engine = json_rpc::engine_options(options.endpoint, trace, console);
    options::unlock_key(call.engine.connect.tls, ask);
    call.retry = {.retries = options.endpoint.connection.retries,
                  .most = options.endpoint.connection.retry_time,
                  .refusals = true};
    output::CallLog log(console, call.retry);
    const http::CallResult made = http::Client(call, log, stop).call(request, collector);
    const http::Result& result = made.result;
    if (result.failure) {
        http::throw_failure(request, *result.failure);
    }
    if (const auto warning = http::undecoded_warning(request, result.head)) {
        console.warn(*warning);
    }
    const int status = result.head.status();
    const bool success = status >= 200 && status < 300;
    const hail::rpc::Reply reply =
        hail::rpc::read_reply(collector.body(), options.notify ? std::string_view() : options.id);
    for (const std::string& other : reply.others) {
        console.say("message from the server: " + base::one_line(other));
    }
    if (reply.kind != hail::rpc::Reply::Kind::problem) {
        return show(reply, options, console);
    }
    if (!success) {
        throw_status_error(options, made, collector.body());
    }
    if (!options.notify) {
        throw Error(Exit::bad_reply,
                    doing(options) + ": " + reply.problem + "; the call may have been executed");
    }
    if (!reply.empty) {
        console.warn("the notification was answered, but not by JSON-RPC: " + reply.problem);
    }
    return Exit::ok;
}

}  // namespace hail::cli::rpc
