#include "cli/commands/json_rpc.h"

#include <algorithm>

#include "cli/options/group.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/url.h"
#include "lib/net/address.h"

namespace hail::cli::json_rpc {

namespace {

using base::Error;
using base::Exit;

// Ours come first and give way to the user's.
std::vector<http::Header> default_headers() {
    return {{"Content-Type", "application/json"},
            {"Accept", "application/json, text/event-stream"},
            {"User-Agent", http::user_agent()}};
}

http::Header parse_header(const std::string& line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
        throw Error(Exit::usage,
                    "reading the header '" + base::one_line(line) + "': there is no name before a colon",
                    "write it as 'Name: value'");
    }
    return {line.substr(0, colon), std::string(base::trim(std::string_view(line).substr(colon + 1)))};
}

void add_headers(std::vector<http::Header>& headers, const std::vector<std::string>& lines) {
    std::vector<http::Header> typed;
    for (const std::string& line : lines) {
        typed.push_back(parse_header(line));
        std::erase_if(headers, [&](const http::Header& ours) {
            return base::equal_ignoring_case(ours.name, typed.back().name);
        });
    }
    std::erase_if(typed, [](const http::Header& header) { return header.value.empty(); });
    headers.insert(headers.end(), typed.begin(), typed.end());
}

http::Credentials credentials_for(const Endpoint& endpoint, const net::Address& address) {
    const net::Credentials given = options::credentials(endpoint.connection);
    if (given.bearer) {
        return {.kind = http::Credentials::Kind::bearer, .user = {}, .secret = *given.bearer};
    }
    const auto& user = given.user ? given.user : address.user;
    const auto& password = given.user ? given.password : address.password;
    if (!user) {
        return {};
    }
    return {.kind = http::Credentials::Kind::basic, .user = *user, .secret = password.value_or("")};
}

}  // namespace

void declare_endpoint(options::Parser& parser, Endpoint& endpoint, options::Digits digits) {
    options::Group group(parser, "HTTP options");
    group.list("-H,--header", endpoint.headers, "NAME:VALUE",
               "Send this header; an empty value leaves one of ours out");
    group.size("--max-reply", endpoint.max_reply, "The largest reply that is read", "HAIL_MAX_REPLY");
    group.flag("--strict", endpoint.strict,
               "Take what breaks JSON-RPC 2.0, but can be understood, for a bad reply", "HAIL_STRICT");
    options::declare_connection(parser, endpoint.connection, options::Peer::http, digits);
}

http::Request make_post(const Endpoint& endpoint) {
    const net::AddressRules rules{.family = net::AddressRules::Family::http,
                                  .default_scheme = endpoint.connection.default_scheme};
    const net::Address address = net::parse_address(endpoint.address, rules);
    http::Request request;
    request.method = "POST";
    request.url = http::make_url(address);
    request.headers = default_headers();
    add_headers(request.headers, endpoint.headers);
    request.credentials = credentials_for(endpoint, address);
    request.body.emplace();
    http::validate(request);
    return request;
}

http::EngineOptions engine_options(const Endpoint& endpoint, output::WireTrace& trace,
                                   const output::Console& console) {
    http::EngineOptions options;
    options.connect = options::connect_options(endpoint.connection);
    options.trace = console.verbose() ? &trace : nullptr;
    return options;
}

std::string shown(const http::Request& request) {
    return http::mask_secrets(http::request_head(request)) + request.body.value_or("");
}

void warn_of(hail::rpc::Quirks quirks, output::Console& console) {
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        if (hail::rpc::deserves_warning(quirk)) {
            console.warn("about the reply: " + std::string(hail::rpc::description(quirk)));
        }
    }
}

std::string complaint(hail::rpc::Quirks quirks) {
    std::string text;
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        text += text.empty() ? "" : ", ";
        text += hail::rpc::description(quirk);
    }
    return text;
}

}  // namespace hail::cli::json_rpc
