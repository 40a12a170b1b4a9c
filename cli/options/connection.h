// The connection options of every command: hail(1), CONNECTION OPTIONS.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options/parser.h"
#include "cli/options/prompt.h"
#include "lib/net/connect_options.h"
#include "lib/net/login_options.h"

namespace hail::cli::options {

// The options as typed; the functions below interpret them.
struct Connection {
    net::ConnectOptions connect;
    std::optional<std::string> key_password;  // WORD, @FILE, env:VARIABLE
    std::string default_scheme;
    std::string password_file;
    std::string password_command;
    std::optional<std::string> user;  // NAME, NAME:PASSWORD, NAME:@FILE, NAME:env:VARIABLE
    net::Authentication authentication = net::Authentication::automatic;
    std::optional<std::string> bearer;  // TOKEN, @FILE, env:VARIABLE
    struct Typed {
        bool user = false;
        bool bearer = false;
        bool authentication = false;
        bool password_file = false;
        bool password_command = false;
        bool cert = false;
        bool key = false;
        bool key_password = false;
    } typed;  // the values that are from the command line, and not from the environment
    bool netrc = false;
    std::string netrc_file;  // read instead of the usual one; implies netrc
    std::uint64_t retries = 0;
    std::optional<base::Milliseconds> wait_server;  // for a broker that cannot be reached or is not ready
    std::optional<base::Milliseconds> retry_time;   // for all attempts together; none: no limit
};

// Whether a word such as -4 may be data. If it may, the options -4 and -6 exist only in their long form: a
// number that was taken as an option would silently change the request.
enum class Digits { are_options, are_data };

// The kind of server that the command talks to; only HTTP has bearer tokens.
enum class Peer { http, broker };

class Group;

// The limit in bytes of a reply that is kept whole, of every command that keeps one.
void declare_max_reply(Group& group, std::uint64_t& max_reply, const std::string& help);

void declare_connection(Parser& parser, Connection& connection, Peer peer, Digits digits);

// --wait-server, for the commands that connect to a broker.
void declare_wait_server(Parser& parser, Connection& connection);

// --auth, for the commands that can answer a challenge.
void declare_authentication(Parser& parser, Connection& connection);

// The options, in which a limit of 0 means no limit, and the variables that curl(1) also reads:
// CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR. HAIL_KEY and HAIL_KEY_PASSWORD belong to HAIL_CERT: they
// are not for another certificate that is typed.
net::ConnectOptions connect_options(const Connection& connection);

// Completes the password of an encrypted client key before a connection needs it.
// Throws: Error(usage) if it is wrong, or is not given and nobody can be asked.
void unlock_key(net::TlsOptions& tls, const Ask& ask);

}  // namespace hail::cli::options
