#include "cli/options/login.h"

#include <utility>

#include "cli/options/environment.h"
#include "cli/options/home.h"
#include "lib/base/error.h"
#include "lib/net/netrc.h"

namespace hail::cli::options {

using base::Error;
using base::Exit;

std::pair<std::string, std::optional<std::string>> split_user(std::string_view typed) {
    std::string name;
    for (std::size_t at = 0; at < typed.size(); ++at) {
        if (typed[at] == ':') {
            return {name, std::string(typed.substr(at + 1))};
        }
        if (typed.substr(at, 2) == "\\:") {
            ++at;
        }
        name += typed[at];
    }
    return {name, std::nullopt};
}

namespace {

std::string ask_password(const std::string& user, const Ask& ask) {
    if (auto typed = ask("Password for " + user)) {
        return std::move(*typed);
    }
    throw Error(Exit::usage, "option --user: no password for " + user,
                "write --user " + user + ":@FILE, or set HAIL_PASSWORD");
}

std::string token(const std::string& typed) {
    std::string result = secret(typed, "--bearer");
    if (result.empty()) {
        throw Error(Exit::usage, "option --bearer: the token is empty",
                    "check the variable or file that it is read from");
    }
    return result;
}

bool is_token(net::Authentication authentication) {
    return authentication == net::Authentication::bearer;
}

bool asks_netrc(const Connection& connection) {
    return connection.netrc || !connection.netrc_file.empty();
}

// Of --bearer and --user, otherwise of the address (which the result leaves out), otherwise of HAIL_BEARER
// and HAIL_USER.
net::LoginOptions given_login(const Connection& connection, const net::Address& address) {
    const Connection::Typed& typed = connection.typed;
    const bool in_address = address.user || address.password;
    const bool wants_user = typed.user || (typed.authentication && !is_token(connection.authentication));
    net::LoginOptions result;
    result.authentication = connection.authentication;
    if (connection.bearer && (typed.bearer || !(wants_user || in_address))) {
        result.bearer = token(*connection.bearer);
        return result;
    }
    const std::string password = environment("HAIL_PASSWORD");
    if (!password.empty()) {
        result.password = password;
    }
    if (connection.user && (typed.user || !in_address)) {
        auto [name, source] = split_user(*connection.user);
        result.user = std::move(name);
        if (source) {
            result.password = secret(*source, "--user");
        }
    }
    return result;
}

std::string netrc_path(const Connection& connection) {
    if (!connection.netrc_file.empty()) {
        return connection.netrc_file;
    }
    const std::string named = environment("NETRC");
    const std::string home = home_directory();
    return !named.empty() || home.empty() ? at_home(named) : home + "/.netrc";
}

void complete(net::LoginOptions& credentials, const net::Netrc& found) {
    if (!found.login) {
        credentials.bearer = found.password;
        return;
    }
    credentials.user = found.login;
    credentials.password = found.password.value_or("");
}

// Returns a warning about the file; empty: none.
std::string complete_from_netrc(net::LoginOptions& known, const Connection& connection,
                                const net::Address& address) {
    const std::string path = netrc_path(connection);
    const auto file = net::read_netrc(path);
    if (!file && !connection.netrc_file.empty()) {
        throw Error(Exit::no_input, "reading " + path + ": there is no such file");
    }
    const auto found = file
                           ? net::find_netrc(file->text, address.host, known.user ? known.user : address.user)
                           : std::nullopt;
    if (!found) {
        return {};
    }
    complete(known, *found);
    return file->is_private ? "" : path + " is readable by others; run chmod 600 " + path;
}

// HAIL_AUTH is for the calls that have something to send, --auth for this one.
void check_authentication(const Connection& connection, const net::LoginOptions& known,
                          const net::Address& address) {
    const bool user = known.user || address.user;
    const auto& password = known.user || !address.password ? known.password : address.password;
    if (known.bearer) {
        if (connection.typed.authentication && !is_token(known.authentication)) {
            throw Error(Exit::usage, "--auth basic and --auth digest send a user and password, not a token",
                        "leave out --auth");
        }
        return;
    }
    if (is_token(known.authentication)) {
        if ((connection.typed.authentication || user) && password.value_or("").empty()) {
            throw Error(Exit::usage, "--auth bearer: the password, which is the token, is empty",
                        "write --bearer TOKEN");
        }
        return;
    }
    if (connection.typed.authentication && !user) {
        throw Error(Exit::usage, "--auth needs a user", "write --user NAME:PASSWORD");
    }
}

}  // namespace

Login login(const Connection& connection, const net::Address& address, const Ask& ask) {
    Login result{given_login(connection, address), {}};
    net::LoginOptions& known = result.credentials;
    const bool user = known.user || address.user;
    const bool is_complete = known.bearer || (user && known.password) || (!known.user && address.password);
    if (asks_netrc(connection) && !is_complete) {
        result.warning = complete_from_netrc(known, connection, address);
    }
    if (known.user && !known.password && !known.bearer) {
        known.password = ask_password(*known.user, ask);
    }
    check_authentication(connection, known, address);
    return result;
}

}  // namespace hail::cli::options
