#include "cli/rest/plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/input/headers.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/http/compress.h"
#include "lib/http/url.h"

namespace hail::cli::rest {

namespace {

using base::Error;
using base::Exit;
using hail::rest::PageRule;

std::vector<http::Header> default_headers(const RequestOptions& options, const std::string& content_type) {
    const bool json = options.json || content_type == "application/json";
    std::vector<http::Header> headers{{"Accept", json ? "application/json, */*;q=0.5" : "*/*"},
                                      {"Accept-Encoding", "gzip, deflate"},
                                      {"User-Agent", http::user_agent()}};
    if (!content_type.empty() || options.json) {
        headers.push_back({"Content-Type", content_type.empty() ? "application/json" : content_type});
    }
    return headers;
}

// Source: RFC 9110 8.6; DELETE as in HTTPie.
bool expects_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

// Compresses the bytes of a body; a stream compresses itself.
void compress(http::Request& request, const input::HeaderItems& typed, http::Coding coding) {
    if (input::has_header(typed, "Content-Encoding") || input::drops_header(typed, "Content-Encoding")) {
        throw Error(Exit::usage, "--compress sets Content-Encoding itself", "use only one of them");
    }
    if (request.body) {
        request.body = http::compress(*request.body, coding);
    }
    request.headers.push_back({"Content-Encoding", coding == http::Coding::gzip ? "gzip" : "deflate"});
}

}  // namespace

http::Request plan_request(const RequestOptions& options, const Inputs& inputs) {
    http::Request request;
    request.credentials = http::credentials(inputs.credentials, inputs.address);
    request.url = http::make_url(inputs.address, inputs.parts.query);
    const input::HeaderItems typed =
        input::with_session(inputs.headers, inputs.session_headers, request.credentials);
    request.headers = input::with_typed(default_headers(options, inputs.body.content_type), typed);
    if (inputs.idempotency_key) {
        request.headers.push_back({"Idempotency-Key", *inputs.idempotency_key});
    }
    request.body = inputs.body.bytes;
    request.stream = inputs.body.stream;
    if (options.compress && http::has_body(request)) {
        compress(request, typed, *options.compress);
    }
    if (options.compress_is_typed && !http::has_body(request)) {
        throw Error(Exit::usage, "--compress: there is no body to compress",
                    "give fields, --data or @FILE, or leave it out");
    }
    request.method = inputs.method;
    if (request.method.empty()) {
        request.method = http::has_body(request) ? "POST" : "GET";
    }
    if (!http::has_body(request) && expects_body(request.method)) {
        request.body = "";  // Content-Length: 0, without which some servers answer 411
    }
    http::validate(request);
    return request;
}

// --- the replies -------------------------------------------------------------------------------------------

namespace {

std::optional<PageRule> page_rule(const PageOptions& pages) {
    if (!pages.has_next()) {
        return std::nullopt;
    }
    if (pages.next) {
        return hail::rest::parse_next(*pages.next);
    }
    if (pages.page) {
        return PageRule{.kind = PageRule::Kind::page, .parameter = *pages.page, .path = {}};
    }
    if (pages.offset) {
        return PageRule{.kind = PageRule::Kind::offset, .parameter = *pages.offset, .path = {}};
    }
    return PageRule{};
}

std::optional<hail::rest::WalkOptions> plan_walk(const PageOptions& pages) {
    hail::rest::WalkOptions walk;
    walk.rule = page_rule(pages);
    if (pages.items) {
        walk.items = hail::rest::parse_items_path(*pages.items);
    }
    walk.last_status = pages.last_status;
    walk.most_pages = pages.most_pages.value_or(walk.most_pages);
    walk.at_limit =
        pages.most_pages ? hail::rest::WalkOptions::AtLimit::stop : hail::rest::WalkOptions::AtLimit::fail;
    return walk.rule || walk.items ? std::optional(std::move(walk)) : std::nullopt;
}

hail::rest::RepeatOptions plan_repeat(const ExpectationOptions& expectations) {
    hail::rest::RepeatOptions repeat;
    repeat.every = expectations.every.value_or(base::Milliseconds(0));
    if (expectations.deadline != base::Milliseconds(0)) {
        repeat.limit = expectations.deadline;
    }
    return repeat;
}

}  // namespace

bool Handling::needs_whole_reply() const {
    return view.needs_whole_reply() || walk || !until.empty() ||
           terms.expected.are_about(hail::rest::Expectation::Subject::body);
}

Handling plan_handling(const Options& options) {
    constexpr auto status = hail::rest::Expectation::Subject::status;
    Handling handling;
    handling.terms.expected = hail::rest::Expectations(options.expectations.expect);
    handling.until = hail::rest::Expectations(options.expectations.until);
    handling.terms.any_status = options.reply.no_check_status || handling.terms.expected.are_about(status) ||
                                handling.until.are_about(status);
    handling.view = plan_view(options.views, options.reply.print, options.pages.array);
    handling.repeat = plan_repeat(options.expectations);
    handling.walk = plan_walk(options.pages);
    handling.repeat.max_reply = options.views.max_reply;
    if (handling.walk) {
        handling.walk->max_reply = options.views.max_reply;
    }
    return handling;
}

}  // namespace hail::cli::rest
