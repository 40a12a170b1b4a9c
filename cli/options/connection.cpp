#include "cli/options/connection.h"

#include <initializer_list>

#include "cli/options/environment.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/options/route.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/net/client_key.h"

namespace hail::cli::options {

namespace {

using base::Error;
using base::Exit;

void declare_limits(Group& group, Connection& connection) {
    net::ConnectOptions& connect = connection.connect;
    group.duration("--connect-timeout", connect.connect_timeout,
                   "Limit for name resolution, connection, proxy and TLS handshake together (default 10s)",
                   "HAIL_CONNECT_TIMEOUT");
    group.duration("--timeout", connect.timeout, "Limit for the whole exchange (default: no limit)",
                   "HAIL_TIMEOUT");
    group.duration("--idle-timeout", connect.idle_timeout,
                   "Fail if no data arrives for this long (default: no limit)", "HAIL_IDLE_TIMEOUT");
    group.number("--retry", connection.retries,
                 "Retry up to N times when it is safe (default " + std::to_string(connection.retries) + ")",
                 "HAIL_RETRY");
    group.duration("--retry-max-time", connection.retry_time,
                   "Do not start another attempt after this time (default: no limit)", "HAIL_RETRY_MAX_TIME");
}

void declare_route(Group& group, net::ConnectOptions& connect, Digits digits) {
    const bool letters = digits == Digits::are_options;
    group.text_or_empty("--proxy", connect.proxy, "URL",
                        "Use this proxy (http, https or socks5h); '' means no proxy", "HAIL_PROXY");
    group.text_or_empty("--no-proxy", connect.no_proxy, "HOSTS",
                        "Do not use a proxy for these hosts, separated by commas", "HAIL_NO_PROXY");
    group.list("--resolve", connect.resolve, "HOST:PORT:IP",
               "Use this IP address for a host and port, as in curl");
    group.list("--connect-to", connect.connect_to, "HOST:PORT:HOST:PORT",
               "Connect to the second host and port instead of the first, as in curl");
    group.flag_for(letters ? "-4,--ipv4" : "--ipv4", connect.ip_version, net::IpVersion::v4, "Use IPv4 only");
    group.flag_for(letters ? "-6,--ipv6" : "--ipv6", connect.ip_version, net::IpVersion::v6, "Use IPv6 only");
    group.text("--interface", connect.interface, "NAME",
               "Connect from this network interface or local address", "HAIL_INTERFACE");
    group.text("--unix-socket", connect.unix_socket, "FILE",
               "Connect to this Unix socket, whatever the address says", "HAIL_UNIX_SOCKET");
}

void declare_tls(Group& group, Connection& connection) {
    using net::TlsVersion;
    net::TlsOptions& tls = connection.connect.tls;
    group.text("--cacert", tls.cacert, "FILE",
               "Trust the certificates in this PEM file instead of the system's", "HAIL_CACERT");
    group.text("--capath", tls.capath, "DIR",
               "Trust the certificates in this directory, which are named by their hashes", "HAIL_CAPATH");
    group.text("--cert", tls.cert, "FILE", "Authenticate with this client certificate (PEM)", "HAIL_CERT");
    group.text("--key", tls.key, "FILE",
               "Use this private key (PEM), unless the --cert file contains the key", "HAIL_KEY");
    group.text("--key-password", connection.key_password, "PASSWORD",
               "The password of the private key; @FILE and env:VARIABLE hide it from ps",
               "HAIL_KEY_PASSWORD");
    group.choice<TlsVersion>("--tls-min", tls.min_version,
                             {{"1.0", TlsVersion::v1_0},
                              {"1.1", TlsVersion::v1_1},
                              {"1.2", TlsVersion::v1_2},
                              {"1.3", TlsVersion::v1_3}},
                             "Refuse TLS versions older than this (default 1.2)", "HAIL_TLS_MIN");
    group.flag("-k,--insecure", tls.insecure, "Accept any certificate, for any host name", "HAIL_INSECURE");
}

void declare_password(Parser& parser, Group& group, Connection& connection) {
    group.text("--password-file", connection.password_file, "FILE",
               "Read the password from the first line of this file, again for each connection",
               "HAIL_PASSWORD_FILE");
    group.text("--password-command", connection.password_command, "COMMAND",
               "Read the password from the first line that this command prints, again for each connection",
               "HAIL_PASSWORD_COMMAND");
    parser.note_if_typed("password-file", connection.typed.password_file);
    parser.note_if_typed("password-command", connection.typed.password_command);
    parser.rules().at_most_one({"password-file", "password-command"});
}

}  // namespace

void declare_max_reply(Group& group, std::uint64_t& max_reply, const std::string& help) {
    const std::string usual = std::to_string(max_reply >> 20U) + "M";
    group.size("--max-reply", max_reply, help + " (default " + usual + ")", "HAIL_MAX_REPLY");
}

void declare_connection(Parser& parser, Connection& connection, Peer peer, Digits digits) {
    Group group(parser, "Connection");
    group.text("--default-scheme", connection.default_scheme, "SCHEME",
               "Use this scheme for an address without one", "HAIL_DEFAULT_SCHEME");
    declare_limits(group, connection);
    declare_route(group, connection.connect, digits);
    declare_tls(group, connection);
    group.text("-u,-a,--user", connection.user, "NAME[:PASSWORD]",
               "Authenticate as this user; NAME:@FILE and NAME:env:VARIABLE hide the password from ps",
               "HAIL_USER");
    if (peer == Peer::http) {
        group.text("--bearer", connection.bearer, "TOKEN",
                   "Authenticate with this bearer token; @FILE and env:VARIABLE hide it from ps",
                   "HAIL_BEARER");
        group.flag("--netrc", connection.netrc,
                   "Look up the user and password in ~/.netrc, or in the file named by NETRC", "HAIL_NETRC");
        group.text("--netrc-file", connection.netrc_file, "FILE",
                   "Look up the user and password in this netrc file", "HAIL_NETRC_FILE");
        parser.note_if_typed("bearer", connection.typed.bearer);
        parser.rules().exclude({"bearer"}, {"user"});
    }
    if (peer == Peer::broker) {
        declare_password(parser, group, connection);
    }
    parser.note_if_typed("user", connection.typed.user);
    parser.note_if_typed("cert", connection.typed.cert);
    parser.note_if_typed("key", connection.typed.key);
    parser.note_if_typed("key-password", connection.typed.key_password);
    parser.rules().at_most_one({"ipv4", "ipv6"});
}

void declare_wait_server(Parser& parser, Connection& connection) {
    Group group(parser, "Connection");
    group.duration("--wait-server", connection.wait_server,
                   "Wait up to this time for a broker that cannot be reached, is loading, busy or full",
                   "HAIL_WAIT_SERVER");
}

void declare_authentication(Parser& parser, Connection& connection) {
    using net::Authentication;
    Group(parser, "Connection")
        .choice<Authentication>(
            "--auth", connection.authentication,
            {{"basic", Authentication::basic},
             {"digest", Authentication::digest},
             {"bearer", Authentication::bearer}},
            "How to send the user and password (default basic); bearer: the password is a token",
            "HAIL_AUTH");
    parser.note_if_typed("auth", connection.typed.authentication);
}

namespace {

// As libcurl reads them. HTTP_PROXY is missing because the client of a CGI program can set it.
net::UsualProxies usual_proxies() {
    const auto first_of = [](std::initializer_list<const char*> names) {
        for (const char* name : names) {
            if (std::string value = environment(name); !value.empty()) {
                return value;
            }
        }
        return std::string();
    };
    return {first_of({"http_proxy", "all_proxy", "ALL_PROXY"}),
            first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})};
}

// The key of the environment is that of the certificate there.
bool is_other_pair(const Connection& connection) {
    const std::string usual = environment("HAIL_CERT");
    return connection.typed.cert && !connection.typed.key && !usual.empty() &&
           at_home(usual) != connection.connect.tls.cert;
}

}  // namespace

net::ConnectOptions connect_options(const Connection& connection) {
    net::ConnectOptions result = connection.connect;
    const bool other = is_other_pair(connection);
    if (other) {
        result.tls.key.clear();
    }
    check_route(result);
    check_files(result.tls);
    if (!other || connection.typed.key_password) {
        result.tls.key_password = secret(connection.key_password.value_or(""), "--key-password");
    }
    for (auto* const limit : {&result.connect_timeout, &result.timeout, &result.idle_timeout}) {
        if (*limit == base::Milliseconds(0)) {
            limit->reset();
        }
    }
    // In a CGI program, where REQUEST_METHOD is set, the client controls HTTP_PROXY: RFC 3875 4.1.18.
    if (!result.proxy && result.unix_socket.empty() && environment("http_proxy").empty() &&
        environment("REQUEST_METHOD").empty()) {
        result.http_proxy = environment("HTTP_PROXY");
    }
    result.usual_proxies = usual_proxies();
    if (result.tls.cacert.empty() && result.tls.capath.empty()) {
        result.tls.cacert = environment("CURL_CA_BUNDLE");
        if (result.tls.cacert.empty()) {
            result.tls.cacert = environment("SSL_CERT_FILE");
        }
        result.tls.capath = environment("SSL_CERT_DIR");
    }
    return result;
}

void unlock_key(net::TlsOptions& tls, const Ask& ask) {
    const std::string file = base::one_line(tls.key.empty() ? tls.cert : tls.key);
    net::KeyState state = net::key_state(tls);
    if (state == net::KeyState::needs_password) {
        const auto typed = ask("Password of the key " + file);
        if (!typed) {
            throw Error(Exit::usage, "option --key: " + file + " is encrypted, and its password is not given",
                        "give it with --key-password @FILE, or set HAIL_KEY_PASSWORD");
        }
        tls.key_password = *typed;
        state = net::key_state(tls);
    }
    if (state != net::KeyState::ready) {
        throw Error(Exit::usage, "option --key: the password does not open " + file);
    }
}

}  // namespace hail::cli::options
