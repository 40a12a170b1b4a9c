#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options/parser.h"
#include "lib/net/address.h"
#include "lib/net/connect_options.h"
#include "lib/net/login_options.h"

// The connection options of every command: hail(1), CONNECTION OPTIONS.

namespace hail::cli::options {

// As typed; what it means is asked for below.
struct Connection {
    net::ConnectOptions connect;
    std::string default_scheme;
    std::optional<std::string> user;    // NAME, NAME:PASSWORD, NAME:@FILE, NAME:env:VARIABLE
    std::optional<std::string> bearer;  // TOKEN, @FILE, env:VARIABLE
    bool netrc = false;
    std::string netrc_file;  // goes before the usual one, and means that one is to be read
    std::uint64_t retries = 0;
    std::optional<base::Milliseconds> retry_time;  // for all attempts together; none: no limit
};

// Whether a word such as -4 may be data. If so the letters -4 and -6 are left out: a number swallowed as an
// option would change what is sent without a word.
enum class Digits { are_options, are_data };

// Whom the command talks to: bearer tokens are for HTTP alone.
enum class Peer { http, broker };

void declare_connection(Parser& parser, Connection& connection, Peer peer, Digits digits);

// Secrets, read from where they are kept; HAIL_PASSWORD completes a user without a password.
// Throws: Error(usage) for a secret that is named but absent, Error(no_input) for a file that cannot be read.
net::LoginOptions credentials(const Connection& connection);

// The same for the service at an address: where neither the options nor the address tell a password, netrc may. An
// entry without a login is a bearer token.
// Throws: Error(no_input) or Error(bad_input) for a netrc file that cannot be read.
struct Login {
    net::LoginOptions credentials;
    std::string warning;  // about the file that they come from, may be empty
};
Login login(const Connection& connection, const net::Address& address);

// The options, a limit of 0 being none, with what curl(1) takes from the environment too: CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR.
net::ConnectOptions connect_options(const Connection& connection);

}  // namespace hail::cli::options
