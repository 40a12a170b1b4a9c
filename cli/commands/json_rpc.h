// The parts that rpc and batch share: the POST that carries JSON-RPC, with the user, token or session that a
// service wants.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/input/headers.h"
#include "cli/options/connection.h"
#include "cli/options/parser.h"
#include "cli/output/console.h"
#include "cli/output/quirks.h"
#include "cli/output/wire_trace.h"
#include "lib/http/body_collector.h"
#include "lib/http/engine.h"
#include "lib/http/message.h"
#include "lib/rest/session.h"

namespace hail::cli::json_rpc {

struct Endpoint {
    std::string address;
    std::vector<std::string> headers;  // "Name: value"; "Name:" removes a default header
    options::Connection connection;
    std::uint64_t max_reply = http::usual_max_reply;  // bytes
    bool strict = false;
    std::string cookie_file;             // "USER:PASSWORD", as bitcoind writes it
    std::string jwt_secret;              // a file with a secret in hexadecimal
    std::optional<std::string> session;  // a name or a file
};

void declare_endpoint(options::Parser& parser, Endpoint& endpoint, options::Digits digits);

// Warns of a file that others can read.
// Throws: as options::open_session() does.
hail::rest::Session open_session(const Endpoint& endpoint, output::Console& console);

// The POST without a body, validated, with the headers that the session kept for its origin.
// Warns of a file with the login that others can read.
// Throws: Error(usage) for an address or header that is not valid, Error(no_input) or Error(bad_input) for
//         the file of a secret; also whatever options::login() throws.
http::Request make_post(const Endpoint& endpoint, const options::Ask& ask, const hail::rest::Session& session,
                        output::Console& console);

// The headers as typed.
input::HeaderItems typed_headers(const Endpoint& endpoint);

// Traces to stderr if the console is verbose; the trace must outlive the engine.
http::EngineOptions engine_options(const Endpoint& endpoint, output::WireTrace& trace,
                                   const output::Console& console);

// The bytes of the request with secrets masked, for --dry-run.
std::string shown(const http::Request& request, const output::Console& console);

using output::describe_quirks;
using output::warn_about_quirks;

}  // namespace hail::cli::json_rpc
