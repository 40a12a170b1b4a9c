// The parts that rpc and batch share: the POST that carries JSON-RPC, and warnings about replies that break
// the specification.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "cli/output/wire_trace.h"
#include "lib/http/body_collector.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/rpc/reply.h"

namespace hail::cli::json_rpc {

struct Endpoint {
    std::string address;
    std::vector<std::string> headers;  // "Name: value"; "Name:" removes a default header
    options::Connection connection;
    std::uint64_t max_reply = http::usual_max_reply;  // bytes
    bool strict = false;
};

void declare_endpoint(options::Parser& parser, Endpoint& endpoint, options::Digits digits);

// The POST without a body, validated.
// Throws: Error(usage) for an address or header that is not valid; also whatever options::login() throws.
http::Request make_post(const Endpoint& endpoint, const options::Ask& ask);

// Traces to stderr if the console is verbose; the trace must outlive the engine.
http::EngineOptions engine_options(const Endpoint& endpoint, output::WireTrace& trace,
                                   const output::Console& console);

// The bytes of the request with secrets masked, for --dry-run.
std::string shown(const http::Request& request, const output::Console& console);

// Warns about each quirk that deserves it.
void warn_about_quirks(hail::rpc::Quirks quirks, output::Console& console);

// The faults of a reply, for --strict: "it has no id, its error is not an object".
std::string describe_quirks(hail::rpc::Quirks quirks);

}  // namespace hail::cli::json_rpc
