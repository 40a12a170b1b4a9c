// The inputs of one call, gathered once: the words sorted, the items read and assembled, the body read or
// opened, the credentials found.
//
// Throws:  Error(usage) for words that do not make a call; Error(no_input) or Error(bad_input) for files that
//          cannot be read.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/input/assemble.h"
#include "cli/output/console.h"
#include "cli/rest/body.h"
#include "cli/rest/options.h"
#include "lib/base/stop.h"
#include "lib/http/message.h"
#include "lib/net/address.h"
#include "lib/net/login_options.h"
#include "lib/rest/session.h"

namespace hail::cli::rest {

// The arguments, sorted.
struct Arguments {
    std::string method;  // empty: it depends on the body
    std::string address;
    std::vector<std::string> items;
};

// The first word is a method if it is a known one, or if it is in capitals and an address follows it.
Arguments sort_words(const RequestOptions& options, const std::string& default_scheme);
net::Address parse_address(const Arguments& arguments, const std::string& default_scheme);

struct Inputs {
    std::string method;  // empty: it depends on the body
    net::Address address;
    input::RequestParts parts;   // of the items
    input::HeaderItems headers;  // of --header and of the items
    Body body;
    net::LoginOptions credentials;
    std::optional<std::string> idempotency_key;
    std::vector<http::Header> session_headers{};  // typed headers take precedence
    std::string warning;                          // about the file with the credentials; may be empty
};

Inputs gather(const Options& options, const hail::rest::Session& session, const base::Stop& stop,
              output::Console& console);

}  // namespace hail::cli::rest
