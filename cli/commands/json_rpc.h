#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "cli/output/wire_trace.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/rpc/reply.h"

// What rpc and batch have in common: the POST that carries JSON-RPC, and how a tolerated reply is spoken of.

namespace hail::cli::json_rpc {

struct Endpoint {
    std::string address;
    std::vector<std::string> headers;  // "Name: value", "Name:" leaves one of ours out
    options::Connection connection;
    std::uint64_t max_reply = std::uint64_t{64} << 20U;  // bytes
    bool strict = false;
};

void declare_endpoint(options::Parser& parser, Endpoint& endpoint, options::Digits digits);

// The POST without a body, validated.
// Throws: Error(usage) for an address or a header that is none, and for what keeps credentials from being read.
http::Request make_post(const Endpoint& endpoint);

// Traces to stderr when the console is verbose; the trace outlives the engine.
http::EngineOptions engine_options(const Endpoint& endpoint, output::WireTrace& trace,
                                   const output::Console& console);

// The request as its bytes go out, secrets masked: what --dry-run prints.
std::string shown(const http::Request& request);

// Warns of every quirk that deserves it.
void warn_of(hail::rpc::Quirks quirks, output::Console& console);

// What is wrong with a reply for --strict: "it has no id; its error is not an object".
std::string complaint(hail::rpc::Quirks quirks);

}  // namespace hail::cli::json_rpc
