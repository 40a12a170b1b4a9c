#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options/parser.h"
#include "lib/base/deadline.h"
#include "lib/http/call.h"
#include "lib/net/login_options.h"

// What hail rest does about a reply that asks for more: options, and words for people.

namespace hail::cli::rest {

struct Policy {
    bool follow = false;
    std::uint64_t most_redirects = 10;
    std::optional<std::string> idempotency_key;  // "auto" makes one
    std::string session;                         // a name or a file
    bool cache = false;
    bool http2 = false;
    bool download = false;
    bool resume = false;
    std::string sha256;
    net::Authentication authentication = net::Authentication::automatic;
};

void declare_policy(options::Parser& parser, Policy& policy);

// The key to send, if there is to be one.
// Throws: Error(usage) for an empty one.
std::optional<std::string> idempotency_key(const Policy& policy);

// The file of the session, "" if there is none.
std::string session_file(const Policy& policy);

// Fills in what the policy decides; the engine's options and the cookies are the caller's.
void apply(const Policy& policy, http::CallOptions& call);

}  // namespace hail::cli::rest
