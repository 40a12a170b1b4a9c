#include "cli/commands/rest.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/input/assemble.h"
#include "cli/input/headers.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/compress.h"
#include "lib/http/url.h"
#include "lib/json/scan.h"

// What a call's words mean: the pure part of hail rest.

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

net::AddressRules rules_of(const Options& options) {
    return {.family = net::AddressRules::Family::http, .default_scheme = options.connection.default_scheme};
}

bool is_address(const std::string& word, const Options& options) {
    try {
        net::parse_address(word, rules_of(options));
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

Words sort_words(const Options& options) {
    const bool more = !options.rest.empty();
    if (!more && is_known_method(options.first) && is_capitals(options.first)) {
        throw Error(Exit::usage, "reading the command line: ADDRESS is missing behind " + options.first,
                    "for a host of that name write http://" + base::lower(options.first));
    }
    const bool method = !options.method && more &&
                        (is_known_method(options.first) ||
                         (is_capitals(options.first) && is_address(options.rest.front(), options)));
    if (method) {
        return {upper(options.first), options.rest.front(), {options.rest.begin() + 1, options.rest.end()}};
    }
    return {options.method ? upper(*options.method) : std::string(), options.first, options.rest};
}

net::Address address_of(const Words& words, const Options& options) {
    const std::size_t colon = words.address.find(':');
    const bool has_scheme = words.address.find("://") != std::string::npos;
    try {
        return net::parse_address(words.address, rules_of(options));
    } catch (const Error&) {
        if (has_scheme || colon == std::string::npos || colon == 0 || words.address.front() == '[') {
            throw;
        }
    }
    // Perhaps a header, whose value is not to be shown.
    throw Error(Exit::usage,
                "reading the address: what follows " +
                    base::one_line(words.address.substr(0, colon + 1), 60) + " is no port",
                "items such as Name:value stand behind the address");
}

// --- the request ----------------------------------------------------------------------------------------------------

namespace {

struct Body {
    std::optional<std::string> bytes;
    std::string content_type;
};

std::vector<http::Pair> pairs_of(const std::vector<input::Field>& fields) {
    std::vector<http::Pair> pairs;
    pairs.reserve(fields.size());
    for (const auto& field : fields) {
        pairs.push_back({field.name, field.value});
    }
    return pairs;
}

constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

// Bytes that came as they are: what they look like, unless the command line says what they are. What is typed is JSON, as
// with HTTPie.
std::string type_of(const std::string& bytes, const Options& options) {
    if (options.form) {
        return std::string(form_type);
    }
    const bool typed = options.data && !options.data->starts_with('@');
    if (typed || options.json || json::is_json(bytes)) {
        return "application/json";
    }
    return base::is_utf8(bytes) ? "text/plain; charset=utf-8" : "application/octet-stream";
}

Body body_of(const input::RequestParts& parts, const Options& options, const Material& material) {
    using Kind = input::RequestParts::Body;
    if (parts.body != Kind::none && parts.body != Kind::file &&
        (material.body || (material.stream && parts.body != Kind::multipart))) {
        throw Error(Exit::usage, "the body is given by --data and by items too", "leave one of them out");
    }
    switch (parts.body) {
        case Kind::json:
            return {parts.json, "application/json"};
        case Kind::form:
            return {http::form_encode(pairs_of(parts.form)), std::string(form_type)};
        case Kind::multipart:
            return {std::nullopt, material.stream_type};
        case Kind::file:
            return {material.body, parts.file_media_type};
        case Kind::none:
            break;
    }
    return {material.body, material.body ? type_of(*material.body, options) : material.stream_type};
}

bool has(const std::vector<input::Field>& lines, std::string_view name) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& line) { return base::equal_ignoring_case(line.name, name); });
}

bool is_dropped(const input::HeaderItems& headers, std::string_view name) {
    return std::any_of(headers.dropped.begin(), headers.dropped.end(),
                       [&](const auto& dropped) { return base::equal_ignoring_case(dropped, name); });
}

// What is typed goes before what was kept, credentials too.
void add_kept(input::HeaderItems& typed, const std::vector<http::Header>& kept,
              const http::Credentials& credentials) {
    const bool shows_who = credentials.kind != http::Credentials::Kind::none;
    std::vector<input::Field> missing;
    for (const http::Header& header : kept) {
        const bool replaced = shows_who && base::equal_ignoring_case(header.name, "Authorization");
        if (!replaced && !has(typed.lines, header.name) && !is_dropped(typed, header.name)) {
            missing.push_back({header.name, header.value});
        }
    }
    typed.lines.insert(typed.lines.end(), missing.begin(), missing.end());
}

// Ours come first and give way to what was typed, be it a value or the wish to leave the header out.
std::vector<http::Header> headers_of(const input::HeaderItems& typed, const Body& body,
                                     const Options& options) {
    const bool json = options.json || body.content_type == "application/json";
    std::vector<http::Header> headers{{"Accept", json ? "application/json, */*;q=0.5" : "*/*"},
                                      {"Accept-Encoding", "gzip, deflate"},
                                      {"User-Agent", http::user_agent()}};
    if (!body.content_type.empty() || options.json) {
        headers.push_back(
            {"Content-Type", body.content_type.empty() ? "application/json" : body.content_type});
    }
    return input::with_typed(std::move(headers), typed);
}

// Source: RFC 9110 8.6; DELETE as HTTPie does it.
bool expects_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

// A stream was made so that it compresses itself.
void compress(http::Request& request, const input::HeaderItems& typed, http::Coding coding) {
    if (has(typed.lines, "Content-Encoding") || is_dropped(typed, "Content-Encoding")) {
        throw Error(Exit::usage, "header 'Content-Encoding': --compress compresses the body and sends it",
                    "leave one of them out");
    }
    if (request.body) {
        request.body = http::compress(*request.body, coding);
    }
    request.headers.push_back({"Content-Encoding", coding == http::Coding::gzip ? "gzip" : "deflate"});
}

}  // namespace

input::BodyMode body_mode(const Options& options) {
    if (options.multipart) {
        return input::BodyMode::multipart;
    }
    return options.form ? input::BodyMode::form : input::BodyMode::json;
}

input::HeaderItems typed_headers(const Options& options, const input::RequestParts& parts) {
    input::HeaderItems headers;
    for (const auto& line : options.headers) {
        input::add_header_line(headers, line);
    }
    input::add_headers(headers, parts.headers);
    return headers;
}

http::Request plan(const Options& options, const Material& material) {
    const net::Address& address = material.address;
    input::RequestParts parts = input::assemble(material.items, body_mode(options));
    input::HeaderItems headers = typed_headers(options, parts);
    http::Request request;
    request.credentials = http::credentials(material.credentials, address);
    add_kept(headers, material.session_headers, request.credentials);
    Body body = body_of(parts, options, material);
    request.url = http::make_url(address, pairs_of(parts.query));
    request.headers = headers_of(headers, body, options);
    if (material.idempotency_key) {
        request.headers.push_back({"Idempotency-Key", *material.idempotency_key});
    }
    request.body = std::move(body.bytes);
    request.stream = material.stream;
    if (options.compress && http::has_body(request)) {
        compress(request, headers, *options.compress);
    }
    request.method = material.words.method;
    if (request.method.empty()) {
        request.method = http::has_body(request) ? "POST" : "GET";
    }
    if (!http::has_body(request) && expects_body(request.method)) {
        request.body = "";  // a length of 0, without which some servers answer 411
    }
    http::validate(request);
    return request;
}

}  // namespace hail::cli::rest
