#include "cli/commands/json_rpc.h"

#include <utility>

#include "cli/input/headers.h"
#include "cli/options/group.h"
#include "cli/options/home.h"
#include "cli/options/login.h"
#include "cli/options/session.h"
#include "cli/output/masked_body.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/text.h"
#include "lib/http/json_web_token.h"
#include "lib/http/secrets.h"
#include "lib/http/url.h"
#include "lib/net/address.h"

namespace hail::cli::json_rpc {

namespace {

std::vector<http::Header> default_headers() {
    return {{"Content-Type", "application/json"},
            {"Accept", "application/json, text/event-stream"},
            {"User-Agent", http::user_agent()}};
}

// "__cookie__:secret". Bitcoin's server writes it when it starts, and removes it when it ends.
http::Credentials cookie_credentials(const Endpoint& endpoint) {
    const std::string path = options::at_home(endpoint.cookie_file);
    const std::string line = base::read_first_line(path, "the cookie file " + path);
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == line.npos) {
        throw base::Error(base::Exit::bad_input,
                          "reading the cookie file " + base::one_line(path) + ": it has no USER:PASSWORD");
    }
    const bool digest = endpoint.connection.authentication == net::Authentication::digest;
    return {digest ? http::Credentials::Kind::digest : http::Credentials::Kind::basic, line.substr(0, colon),
            line.substr(colon + 1)};
}

http::Credentials token_credentials(const Endpoint& endpoint) {
    const std::string path = options::at_home(endpoint.jwt_secret);
    std::string secret = http::secret_of_hex(base::read_first_line(path, "the secret in " + path));
    if (secret.empty()) {
        throw base::Error(base::Exit::bad_input,
                          "reading the secret in " + base::one_line(path) + ": it is not hexadecimal");
    }
    return {http::Credentials::Kind::json_web_token, {}, std::move(secret)};
}

http::Credentials credentials_for(const Endpoint& endpoint, const net::Address& address,
                                  const options::Ask& ask, output::Console& console) {
    if (!endpoint.cookie_file.empty()) {
        return cookie_credentials(endpoint);
    }
    if (!endpoint.jwt_secret.empty()) {
        return token_credentials(endpoint);
    }
    const options::Login login = options::login(endpoint.connection, address, ask);
    if (!login.warning.empty()) {
        console.warn(login.warning);
    }
    return http::credentials(login.credentials, address);
}

}  // namespace

void declare_endpoint(options::Parser& parser, Endpoint& endpoint, options::Digits digits) {
    options::Group group(parser, "HTTP options");
    group.list("-H,--header", endpoint.headers, "NAME:VALUE",
               "Send this header; an empty value removes a default header");
    options::declare_max_reply(group, endpoint.max_reply, "Accept replies up to this size");
    group.flag("--strict", endpoint.strict,
               "Treat a reply that breaks JSON-RPC 2.0 as a bad reply, even if it can be understood",
               "HAIL_STRICT");
    group.text_once("--session", endpoint.session, "NAME",
                    "Keep cookies and session ids for the next call, under this name or in this file",
                    "HAIL_SESSION");
    options::declare_connection(parser, endpoint.connection, options::Peer::http, digits);
    options::Group login(parser, "Connection");
    login.text("--cookie-file", endpoint.cookie_file, "FILE",
               "Authenticate with the USER:PASSWORD in this file, as bitcoind writes it", "HAIL_COOKIE_FILE");
    login.text("--jwt-secret", endpoint.jwt_secret, "FILE",
               "Sign a fresh token for each request with the hexadecimal secret in this file (HS256)",
               "HAIL_JWT_SECRET");
    parser.rules().at_most_one({"user", "bearer", "cookie-file", "jwt-secret"});
}

input::HeaderItems typed_headers(const Endpoint& endpoint) {
    input::HeaderItems typed;
    for (const std::string& line : endpoint.headers) {
        input::add_header_line(typed, line);
    }
    return typed;
}

hail::rest::Session open_session(const Endpoint& endpoint, output::Console& console) {
    const std::string name = endpoint.session.value_or("");
    hail::rest::Session session = options::open_session(name);
    if (const std::string doubt = options::session_warning(name, session); !doubt.empty()) {
        console.warn(doubt);
    }
    return session;
}

http::Request make_post(const Endpoint& endpoint, const options::Ask& ask, const hail::rest::Session& session,
                        output::Console& console) {
    const net::AddressRules rules{.family = net::AddressRules::Family::http,
                                  .default_scheme = endpoint.connection.default_scheme};
    const net::Address address = net::parse_address(endpoint.address, rules);
    http::Request request;
    request.method = "POST";
    request.url = http::make_url(address);
    request.credentials = credentials_for(endpoint, address, ask, console);
    input::HeaderItems typed = typed_headers(endpoint);
    typed = input::with_session(std::move(typed), session.headers(request.url), request.credentials);
    request.headers = input::with_typed(default_headers(), typed);
    request.body.emplace();
    http::validate(request);
    return request;
}

http::EngineOptions engine_options(const Endpoint& endpoint, output::WireTrace& trace,
                                   const output::Console& console) {
    http::EngineOptions options;
    options.connect = options::connect_options(endpoint.connection);
    const net::ConnectOptions& connect = options.connect;
    if (!connect.proxy && connect.http_proxy.empty() && connect.usual_proxies.http.empty() &&
        connect.usual_proxies.https.empty()) {
        // Otherwise libcurl asks the environment again for every request.
        options.connect.proxy = "";
        options.connect.no_proxy = "";
    }
    options.trace = console.verbose() ? &trace : nullptr;
    return options;
}

std::string shown(const http::Request& request, const output::Console& console) {
    const std::string bytes = http::mask_secrets(http::request_head(request)) + output::masked_body(request);
    return console.to_terminal() ? base::printable_lines(bytes) : bytes;
}

}  // namespace hail::cli::json_rpc
