// The user and the secrets that the options, the address, the environment and netrc give.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/options/connection.h"
#include "cli/options/prompt.h"
#include "lib/net/address.h"
#include "lib/net/login_options.h"

namespace hail::cli::options {

// The name and the source of the password in NAME:PASSWORD. A backslash makes a colon part of the name, as in
// HTTPie.
std::pair<std::string, std::optional<std::string>> split_user(std::string_view typed);

// The user and the secrets for the service at an address, read from the files or variables that hold them.
// The options on the command line take precedence, then the address, then HAIL_BEARER and HAIL_USER, then
// netrc, in which an entry without a login is a bearer token. HAIL_PASSWORD is the password of a user without
// one; otherwise the person at the terminal is asked.
// Throws: Error(usage) for a secret that is named but absent or empty, and for an --auth that has nothing to
// send; Error(no_input) or Error(bad_input) for a file that cannot be read.
struct Login {
    net::LoginOptions credentials;
    std::string warning;  // about the file that holds them; may be empty
};
Login login(const Connection& connection, const net::Address& address, const Ask& ask);

}  // namespace hail::cli::options
