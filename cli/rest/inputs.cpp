#include "cli/rest/inputs.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/input/files.h"
#include "cli/input/headers.h"
#include "cli/options/home.h"
#include "cli/options/login.h"
#include "lib/base/characters.h"
#include "lib/base/error.h"
#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/http/field.h"
#include "lib/http/multipart.h"
#include "lib/http/url.h"
#include "lib/net/host.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using base::upper;

// Source: RFC 9110 9.3, RFC 5789, RFC 4918, RFC 3253, RFC 5323, draft-ietf-httpbis-safe-method-w-body.
bool is_known_method(std::string_view word) {
    static constexpr std::array<std::string_view, 21> known{
        "GET",    "HEAD",    "POST",     "PUT",       "PATCH",  "DELETE", "OPTIONS",
        "TRACE",  "CONNECT", "QUERY",    "SEARCH",    "COPY",   "MOVE",   "LOCK",
        "UNLOCK", "MKCOL",   "PROPFIND", "PROPPATCH", "REPORT", "PURGE",  "LINK"};
    return std::find(known.begin(), known.end(), upper(word)) != known.end();
}

bool is_capitals(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

net::AddressRules rules_for(const std::string& default_scheme) {
    return {.family = net::AddressRules::Family::http, .default_scheme = default_scheme};
}

bool is_address(const std::string& word, const std::string& default_scheme) {
    try {
        net::parse_address(word, rules_for(default_scheme));
        return true;
    } catch (const Error&) {
        return false;
    }
}

// "localhost", or a name with a dot, before the port and the path.
bool begins_with_host(std::string_view word) {
    const std::size_t end = std::min(word.find_first_of("/:?"), word.size());
    const std::string_view host = word.substr(0, end);
    const bool plain = std::all_of(host.begin(), host.end(),
                                   [](char c) { return base::is_alphanumeric(c) || c == '.' || c == '-'; });
    return plain && (host == "localhost" || (host.find('.') != host.npos && host.front() != '.'));
}

// An address among the items would be sent as a header, or as a field of the body.
bool looks_like_address(std::string_view word) {
    const std::size_t name = word.find_first_of(":=@;");
    const std::string_view before = word.substr(0, name);
    const std::string_view after = name == word.npos ? std::string_view() : word.substr(name + 1);
    const bool colon = name != word.npos && word[name] == ':';
    const bool port =
        colon && !after.empty() && base::is_digit(after.front()) &&
        after.substr(std::min(after.find_first_not_of("0123456789"), after.size())).find_first_not_of("/?") !=
            0;
    if (colon && (after.starts_with("//") || (before.empty() && (port || after.starts_with('/'))))) {
        return true;
    }
    if (word.starts_with('[')) {
        return net::parse_ipv6(word.substr(1, std::min(word.find(']'), word.size()) - 1)).has_value();
    }
    // A label such as app.kubernetes.io/name=web is a field.
    const bool path =
        before.find('/') != before.npos && (name == word.npos || before.find('?') != before.npos);
    return begins_with_host(word) && (port || path || word == "localhost");
}

void reject_addresses(const std::vector<std::string>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (looks_like_address(items[i])) {
            throw Error(
                Exit::usage,
                "item " + std::to_string(i + 1) + ": '" + base::one_line(items[i], 60) +
                    "' looks like a second address",
                "hail rest makes one call; write a header of this form with -H, and a method that is not "
                "in capitals with -X");
        }
    }
}

// A random UUID, RFC 9562 5.4.
std::string random_key() {
    constexpr std::string_view pattern = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    constexpr std::string_view digits = "0123456789abcdef";
    std::string key(pattern);
    for (char& c : key) {
        if (c == 'x') {
            c = digits[base::random_number() % 16];
        } else if (c == 'y') {
            c = digits[8 + base::random_number() % 4];
        }
    }
    return key;
}

std::optional<std::string> idempotency_key(const std::optional<std::string>& typed) {
    if (typed && typed->empty()) {
        throw Error(Exit::usage, "--idempotency-key: the key is empty",
                    "write --idempotency-key auto to generate one");
    }
    return typed == "auto" ? random_key() : typed;
}

bool is_multipart_type(std::string_view name, std::string_view value) {
    return base::equal_ignoring_case(name, "Content-Type") &&
           base::lower(base::trim(value)).starts_with("multipart/");
}

// A form without files is multipart if that is its typed type.
bool has_multipart_type(const RequestOptions& options, const std::vector<input::Item>& items) {
    return std::any_of(options.headers.begin(), options.headers.end(),
                       [](std::string_view line) {
                           const std::size_t colon = std::min(line.find(':'), line.size());
                           return is_multipart_type(line.substr(0, colon),
                                                    line.substr(std::min(colon + 1, line.size())));
                       }) ||
           std::any_of(items.begin(), items.end(), [](const input::Item& item) {
               return item.kind == input::ItemKind::header && is_multipart_type(item.key, item.value);
           });
}

// A typed multipart type that has a boundary decides it; one that has none gets ours.
RequestOptions with_boundary(RequestOptions options, input::HeaderItems& headers) {
    for (http::Header& header : headers.lines) {
        if (!is_multipart_type(header.name, header.value)) {
            continue;
        }
        const auto typed = http::parameter_of(header.value, "boundary");
        if (typed && options.boundary && *options.boundary != *typed) {
            throw Error(Exit::usage, "--boundary and the typed Content-Type name two different boundaries",
                        "use only one of them");
        }
        options.boundary = typed ? typed : options.boundary.value_or(http::random_boundary());
        header.value += typed ? "" : http::boundary_parameter(*options.boundary);
    }
    return options;
}

input::BodyMode body_mode(const RequestOptions& options, const std::vector<input::Item>& items) {
    if (options.multipart || (options.form && has_multipart_type(options, items))) {
        return input::BodyMode::multipart;
    }
    return options.form ? input::BodyMode::form : input::BodyMode::json;
}

input::HeaderItems typed_headers(const std::vector<std::string>& lines, const input::HeaderItems& items) {
    input::HeaderItems headers;
    for (const std::string& line : lines) {
        input::add_header_line(headers, line);
    }
    input::add_headers(headers, items);
    return headers;
}

}  // namespace

Arguments sort_words(const RequestOptions& options, const std::string& default_scheme) {
    const bool more = !options.rest.empty();
    if (!more && is_known_method(options.first) && is_capitals(options.first)) {
        throw Error(Exit::usage, "reading the command line: missing ADDRESS after " + options.first,
                    "for a host of that name write http://" + base::lower(options.first));
    }
    const bool method = !options.method && more &&
                        (is_known_method(options.first) ||
                         (is_capitals(options.first) && is_address(options.rest.front(), default_scheme)));
    if (method) {
        return {upper(options.first), options.rest.front(), {options.rest.begin() + 1, options.rest.end()}};
    }
    return {options.method.value_or(""), options.first,
            options.rest};  // methods are case-sensitive, RFC 9110 9.1
}

net::Address parse_address(const Arguments& arguments, const std::string& default_scheme) {
    const std::string& typed = arguments.address;
    const std::size_t colon = typed.find(':');
    const bool has_scheme = typed.find("://") != std::string::npos;
    try {
        return net::parse_address(typed, rules_for(default_scheme));
    } catch (const Error&) {
        if (has_scheme || colon == std::string::npos || colon == 0 || typed.front() == '[') {
            throw;
        }
    }
    // It may be a header, and its value a secret.
    throw Error(Exit::usage,
                "reading the address: the text after '" + base::one_line(typed.substr(0, colon + 1), 60) +
                    "' is not a port number",
                "put items such as Name:value after the address");
}

Inputs gather(const Options& options, const hail::rest::Session& session, const base::Stop& stop,
              output::Console& console) {
    const RequestOptions& request = options.request;
    const std::string& scheme = options.connection.default_scheme;
    const Arguments arguments = sort_words(request, scheme);
    Inputs inputs;
    inputs.method = arguments.method;
    inputs.address = parse_address(arguments, scheme);  // a wrong one is reported before any file is read
    input::Files files(options::home_directory(), &stop);
    reject_addresses(arguments.items);
    std::vector<input::Item> items = input::parse_items(arguments.items);
    input::load_items(items, files);
    inputs.parts = input::assemble(items, body_mode(request, items));
    inputs.headers = typed_headers(request.headers, inputs.parts.headers);
    const bool is_multipart = inputs.parts.body == input::RequestParts::Body::multipart;
    inputs.body = gather_body(is_multipart ? with_boundary(request, inputs.headers) : request, inputs.method,
                              inputs.parts, {files, stop, console});
    inputs.session_headers = session.headers(http::make_url(inputs.address));
    auto login = options::login(options.connection, inputs.address, options::ask_on_terminal(stop));
    inputs.credentials = std::move(login.credentials);
    inputs.warning = std::move(login.warning);
    inputs.idempotency_key = idempotency_key(options.redirects.idempotency_key);
    return inputs;
}

}  // namespace hail::cli::rest
