#include "cli/commands/json_rpc.h"

#include "cli/input/headers.h"
#include "cli/options/group.h"
#include "cli/output/masked_body.h"
#include "lib/base/text.h"
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

input::HeaderItems typed_headers(const std::vector<std::string>& lines) {
    input::HeaderItems typed;
    for (const std::string& line : lines) {
        input::add_header_line(typed, line);
    }
    return typed;
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
    options::declare_connection(parser, endpoint.connection, options::Peer::http, digits);
}

http::Request make_post(const Endpoint& endpoint, const options::Ask& ask) {
    const net::AddressRules rules{.family = net::AddressRules::Family::http,
                                  .default_scheme = endpoint.connection.default_scheme};
    const net::Address address = net::parse_address(endpoint.address, rules);
    http::Request request;
    request.method = "POST";
    request.url = http::make_url(address);
    request.headers = input::with_typed(default_headers(), typed_headers(endpoint.headers));
    request.credentials =
        http::credentials(options::login(endpoint.connection, address, ask).credentials, address);
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

std::string shown(const http::Request& request, const output::Console& console) {
    const std::string bytes = http::mask_secrets(http::request_head(request)) + output::masked_body(request);
    return console.to_terminal() ? base::printable_lines(bytes) : bytes;
}

void warn_about_quirks(hail::rpc::Quirks quirks, output::Console& console) {
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        if (hail::rpc::deserves_warning(quirk)) {
            console.warn("about the reply: " + std::string(hail::rpc::description(quirk)));
        }
    }
}

std::string describe_quirks(hail::rpc::Quirks quirks) {
    std::vector<std::string_view> descriptions;
    for (const hail::rpc::Quirk quirk : quirks.list()) {
        descriptions.push_back(hail::rpc::description(quirk));
    }
    return base::join(descriptions, ", ");
}

}  // namespace hail::cli::json_rpc
